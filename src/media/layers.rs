//! Which layer of each picture a receiver gets: as large as it is shown, as far as the network carries it.

/// A picture that a receiver may get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wanted {
    /// How large it is shown, in pixels of height.
    pub height: u32,
    /// Its layers from low to high. Those that don't arrive are absent.
    pub layers: Vec<Layer>,
    /// The layer that the receiver gets now.
    pub current: Option<usize>,
}

/// A layer that arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layer {
    /// Its number: 0 is the lowest.
    pub index: usize,
    /// Its height in pixels.
    pub height: u32,
    /// Its bitrate, in kbit/s.
    pub rate: u64,
}

/// What a receiver gets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Allocation {
    /// The layer of each picture, in the order of the pictures; `None` for one that the network does not carry.
    pub layers: Vec<Option<usize>>,
    /// What all of it would need if each picture came as large as it is shown, in kbit/s.
    pub desired: u64,
    /// What the next better allocation needs; 0 if there is none. The network is filled up to it, to see whether it is there.
    pub next: u64,
}

/// What is left free of the estimate, in percent: for repeated packets, and because it is an estimate.
const HEADROOM: u64 = 10;
/// How much more than a better layer needs must be there before it is chosen, in percent: else it would come and go.
const CAUTION: u64 = 15;

/// Chooses layers. The pictures come in the order of their importance. First each gets its lowest layer, then the most
/// important ones get better ones.
pub(super) fn allocate(estimate: u64, audio: u64, wanted: &[Wanted]) -> Allocation {
    let available = (estimate * (100 - HEADROOM) / 100).saturating_sub(audio);
    let mut used = 0;
    let mut layers: Vec<Option<usize>> = vec![None; wanted.len()];
    let mut desired = audio;
    let mut next = None;
    for (picture, chosen) in wanted.iter().zip(&mut layers) {
        let Some(lowest) = picture.layers.first() else { continue };
        let needed = used + if picture.current.is_some() { lowest.rate } else { with_caution(lowest.rate) };
        if needed <= available {
            *chosen = Some(0);
            used += lowest.rate;
        } else {
            next.get_or_insert(audio + needed);
        }
    }
    for (picture, chosen) in wanted.iter().zip(&mut layers) {
        let Some(largest) = picture.largest() else { continue };
        desired += picture.layers.get(largest).map_or(0, |layer| layer.rate);
        let Some(lowest) = *chosen else { continue };
        let base = picture.rate(lowest);
        for better in lowest + 1..=largest {
            let rate = picture.rate(better);
            let is_current =
                picture.current.is_some_and(|current| picture.index(better).is_some_and(|index| index <= current));
            let needed = used - base + if is_current { rate } else { with_caution(rate) };
            if needed <= available {
                *chosen = Some(better);
            } else {
                next.get_or_insert(audio + needed);
                break;
            }
        }
        used = used - base + chosen.map_or(0, |position| picture.rate(position));
    }
    let layers = wanted.iter().zip(layers).map(|(picture, position)| picture.index(position?)).collect();
    let desired = desired * 100 / (100 - HEADROOM);
    Allocation { layers, desired, next: next.unwrap_or_default() * 100 / (100 - HEADROOM) }
}

fn with_caution(rate: u64) -> u64 {
    rate * (100 + CAUTION) / 100
}

impl Wanted {
    /// The position of the smallest layer that is as large as the picture is shown, or else of the largest.
    fn largest(&self) -> Option<usize> {
        let fits = self.layers.iter().position(|layer| layer.height >= self.height);
        fits.or_else(|| self.layers.len().checked_sub(1))
    }

    fn rate(&self, position: usize) -> u64 {
        self.layers.get(position).map_or(0, |layer| layer.rate)
    }

    fn index(&self, position: usize) -> Option<usize> {
        self.layers.get(position).map(|layer| layer.index)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn camera(height: u32, current: Option<usize>) -> Wanted {
        let layers = [(0, 180, 70), (1, 360, 170), (2, 720, 610)]
            .map(|(index, height, rate)| Layer { index, height, rate })
            .to_vec();
        Wanted { height, layers, current }
    }

    #[test]
    fn a_picture_comes_as_large_as_it_is_shown() {
        let allocation = allocate(10_000, 40, &[camera(700, None), camera(200, None), camera(90, None)]);
        assert_eq!(allocation.layers, [Some(2), Some(1), Some(0)]);
        assert_eq!(allocation.next, 0, "there is nothing better");
    }

    #[test]
    fn all_pictures_come_before_one_of_them_comes_large() {
        let allocation = allocate(300, 40, &[camera(720, None), camera(720, None)]);
        assert_eq!(allocation.layers, [Some(0), Some(0)]);
        let allocation = allocate(350, 40, &[camera(720, None), camera(720, None)]);
        assert_eq!(allocation.layers, [Some(1), Some(0)], "the first is the most important");
    }

    #[test]
    fn a_network_that_carries_no_picture_still_carries_voices() {
        assert_eq!(allocate(80, 40, &[camera(720, None)]).layers, [None]);
    }

    #[test]
    fn a_layer_does_not_come_and_go_when_the_estimate_wavers() {
        let tight = 740;
        assert_eq!(allocate(tight, 40, &[camera(720, None)]).layers, [Some(1)]);
        assert_eq!(allocate(tight, 40, &[camera(720, Some(2))]).layers, [Some(2)]);
    }

    #[test]
    fn a_sender_without_layers_is_sent_as_it_is() {
        let only = Wanted { height: 90, layers: vec![Layer { index: 2, height: 720, rate: 600 }], current: None };
        assert_eq!(allocate(2_000, 0, &[only]).layers, [Some(2)]);
    }

    proptest! {
        #[test]
        fn what_is_sent_never_needs_more_than_the_estimate(
            estimate in 0u64..5_000,
            audio in 0u64..200,
            pictures in prop::collection::vec((1u32..1_080, prop::option::of(0usize..3)), 0..12),
        ) {
            let wanted: Vec<Wanted> = pictures.into_iter().map(|(height, current)| camera(height, current)).collect();
            let allocation = allocate(estimate, audio, &wanted);
            let used: u64 = allocation.layers.iter().flatten().map(|index| [70, 170, 610][*index]).sum();
            prop_assert!(used == 0 || used + audio <= estimate);
            prop_assert!(allocation.next <= allocation.desired.max(allocation.next));
            prop_assert_eq!(allocation.layers.len(), wanted.len());
        }
    }
}
