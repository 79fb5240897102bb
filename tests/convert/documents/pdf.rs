//! PDF: pages with a black square.

use std::fmt::Write;

/// A document with pages of 400 by 300 points.
pub fn pdf(title: &str, pages: usize) -> Vec<u8> {
    pdf_of(title, pages, "100 100 100 100 re f")
}

/// A page of noise like a scan: small squares of different colors.
pub fn scan() -> Vec<u8> {
    let squares: String = (0..600 * 450)
        .map(|place| {
            let [red, green, blue]: [f32; 3] = rand::random();
            format!("{red:.2} {green:.2} {blue:.2} rg {} {} 1 1 re f\n", place % 600, place / 600)
        })
        .collect();
    pdf_of("", 1, &format!("0.667 0 0 0.667 0 0 cm\n{squares}"))
}

fn pdf_of(title: &str, pages: usize, content: &str) -> Vec<u8> {
    let title: String = title.encode_utf16().fold("FEFF".to_owned(), |mut hex, unit| {
        write!(hex, "{unit:04X}").unwrap();
        hex
    });
    let kids: String = (0..pages).map(|page| format!("{} 0 R ", page + 5)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        format!("<< /Type /Pages /Count {pages} /Kids [{kids}] >>"),
        format!("<< /Title <{title}> >>"),
        format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()),
    ];
    objects.extend((0..pages).map(|_| {
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 300] /Resources << >> /Contents 4 0 R >>".to_owned()
    }));
    let mut file = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        places.push(file.len());
        write!(file, "{} 0 obj\n{object}\nendobj\n", index + 1).unwrap();
    }
    let start = file.len();
    let size = objects.len() + 1;
    write!(file, "xref\n0 {size}\n0000000000 65535 f \n").unwrap();
    for place in places {
        writeln!(file, "{place:010} 00000 n ").unwrap();
    }
    write!(file, "trailer\n<< /Size {size} /Root 1 0 R /Info 3 0 R >>\nstartxref\n{start}\n%%EOF\n").unwrap();
    file.into_bytes()
}
