//! Who speaks: from the audio levels that browsers send with each packet.

use std::collections::HashMap;
use std::hash::Hash;
use std::time::{Duration, Instant};

/// How loud it must be to count as speaking; 127 is the loudest.
const SPEAKING: f32 = 72.0;
/// How long somebody still speaks after the last loud packet: nobody speaks without a pause.
const HOLD: Duration = Duration::from_millis(800);
/// The weight of the newest level, about five packets of 20 ms.
const WEIGHT: f32 = 0.2;

/// The levels of the voices of a class.
#[derive(Debug)]
pub(super) struct Speakers<K> {
    voices: HashMap<K, Voice>,
}

#[derive(Debug)]
struct Voice {
    level: f32,
    loud: Option<Instant>,
}

impl<K> Default for Speakers<K> {
    fn default() -> Self {
        Self { voices: HashMap::new() }
    }
}

impl<K: Copy + Eq + Hash + Ord> Speakers<K> {
    /// Takes the level of a packet, as RFC 6464 has it: 0 is the loudest, -127 is silence.
    pub fn add(&mut self, who: K, level: i8, now: Instant) {
        let level = f32::from(127 - level.unsigned_abs().min(127));
        let voice = self.voices.entry(who).or_insert(Voice { level: 0.0, loud: None });
        voice.level += (level - voice.level) * WEIGHT;
        if voice.level >= SPEAKING {
            voice.loud = Some(now);
        }
    }

    /// Somebody does not send any more.
    pub fn remove(&mut self, who: K) {
        self.voices.remove(&who);
    }

    /// Who speaks now, the loudest first, with levels of 1 to 127.
    pub fn speaking(&self, now: Instant) -> Vec<(K, u8)> {
        let mut speaking: Vec<(K, u8)> = self
            .voices
            .iter()
            .filter(|(_, voice)| voice.loud.is_some_and(|loud| now.saturating_duration_since(loud) < HOLD))
            .map(|(who, voice)| (*who, level(voice.level)))
            .collect();
        speaking.sort_by_key(|(who, level)| (std::cmp::Reverse(*level), *who));
        speaking
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is clamped before")]
fn level(level: f32) -> u8 {
    level.clamp(1.0, 127.0) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_is_loud_speaks_until_a_moment_after() {
        let start = Instant::now();
        let mut speakers = Speakers::default();
        for packet in 0u64..50 {
            let now = start + Duration::from_millis(20 * packet);
            speakers.add("li", -20, now);
            speakers.add("wang", -30, now);
            speakers.add("noise", -80, now);
        }
        let end = start + Duration::from_secs(1);
        let who: Vec<_> = speakers.speaking(end).into_iter().map(|(who, _)| who).collect();
        assert_eq!(who, ["li", "wang"]);
        assert!(speakers.speaking(end + HOLD).is_empty());
        speakers.remove("li");
        assert_eq!(speakers.speaking(end).len(), 1);
    }

    #[test]
    fn a_click_is_not_speech() {
        let now = Instant::now();
        let mut speakers = Speakers::default();
        speakers.add(1, -127, now);
        speakers.add(1, 0, now);
        assert!(speakers.speaking(now).is_empty());
    }
}
