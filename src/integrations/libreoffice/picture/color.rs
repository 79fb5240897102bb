//! Colors: from Lab to sRGB, and onto white paper.

/// The white of Lab in print, D50, as X, Y and Z.
const WHITE: [f32; 3] = [0.9642, 1.0, 0.8249];
/// From X, Y and Z below D50 to linear red, green and blue of sRGB (with the adaptation of Bradford).
const TO_RGB: [[f32; 3]; 3] = [[3.1339, -1.6169, -0.4906], [-0.9788, 1.9161, 0.0335], [0.0719, -0.2290, 1.4052]];

/// A color of Lab (L from 0 to 100, a and b from -128 to 127) as red, green and blue of sRGB, from 0 to 1.
pub(super) fn lab_to_rgb(lightness: f32, a: f32, b: f32) -> [f32; 3] {
    let middle = (lightness + 16.0) / 116.0;
    let inverse = |t: f32| if t > 6.0 / 29.0 { t.powi(3) } else { (t - 4.0 / 29.0) * 108.0 / 841.0 };
    let [white_x, white_y, white_z] = WHITE;
    let light =
        [white_x * inverse(middle + a / 500.0), white_y * inverse(middle), white_z * inverse(middle - b / 200.0)];
    TO_RGB.map(|factors| {
        let linear = factors.iter().zip(light).map(|(factor, part)| factor * part).sum::<f32>().clamp(0.0, 1.0);
        if linear <= 0.003_130_8 { linear * 12.92 } else { 1.055 * linear.powf(1.0 / 2.4) - 0.055 }
    })
}

/// The bytes of a color with this opacity on white.
pub(super) fn paper(color: [f32; 3], opacity: f32) -> [u8; 3] {
    color.map(|part| byte(part * opacity + 1.0 - opacity))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the value is from 0 to 255")]
fn byte(part: f32) -> u8 {
    (part.clamp(0.0, 1.0) * 255.0).round() as u8
}

#[cfg(test)]
mod tests {
    use super::{lab_to_rgb, paper};

    #[test]
    fn colors_of_lab_are_those_of_other_programs() {
        for ((lightness, a, b), rgb) in [
            ((0.0, 0.0, 0.0), [0, 0, 0]),
            ((100.0, 0.0, 0.0), [255, 255, 255]),
            ((54.29, 80.81, 69.89), [255, 0, 0]),
            ((87.82, -79.27, 80.99), [0, 255, 0]),
            ((29.57, 68.3, -112.03), [0, 0, 255]),
        ] {
            let shown = paper(lab_to_rgb(lightness, a, b), 1.0);
            let close = shown.iter().zip(rgb).all(|(one, other)| one.abs_diff(other) <= 3);
            assert!(close, "{lightness} {a} {b}: {shown:?}");
        }
        assert_eq!(paper([0.0, 0.0, 0.0], 0.0), [255, 255, 255]);
    }
}
