//! How people look at a page: on a desk and on a phone, in both languages and both colours. Screenshots are kept, and axe-core looks
//! for what keeps people out.

use std::path::Path;

use serde_json::json;

use crate::support::browser::Browser;

/// How a person looks at a page.
pub struct Look {
    pub name: &'static str,
    size: (u32, u32, bool),
    language: &'static str,
    is_dark: bool,
}

pub const LOOKS: [Look; 4] = [
    Look { name: "desk-en", size: (1440, 900, false), language: "en-US", is_dark: false },
    Look { name: "desk-zh-dark", size: (1440, 900, false), language: "zh-CN", is_dark: true },
    Look { name: "phone-zh", size: (360, 740, true), language: "zh-CN", is_dark: false },
    Look { name: "phone-en-dark", size: (360, 740, true), language: "en-US", is_dark: true },
];

impl Look {
    /// Makes a browser look so. It applies to the pages that are opened next.
    pub async fn apply(&self, browser: &Browser) {
        browser.resize(self.size.0, self.size.1, self.size.2).await;
        browser.speak(self.language).await;
        browser.darken(self.is_dark).await;
        browser.open("about:blank").await;
    }

    /// Takes a screenshot, and lets axe-core look for faults, if it is installed: `npm ci` in `web/classroom` does that.
    pub async fn check(&self, browser: &Browser, screen: &str) {
        browser.screenshot(&format!("{screen}-{}.png", self.name)).await;
        let wide = browser.run("return document.documentElement.scrollWidth - innerWidth").await;
        assert!(wide.as_i64().unwrap() <= 0, "{screen} of {} is wider than the screen by {wide}", self.name);
        let axe = Path::new(env!("CARGO_MANIFEST_DIR")).join("web/classroom/node_modules/axe-core/axe.min.js");
        let Ok(axe) = std::fs::read_to_string(axe) else {
            println!("axe-core is not installed, so it did not look at {screen}");
            return;
        };
        let script = "const done = arguments[arguments.length - 1]; axe.run(document, { resultTypes: ['violations'] })
            .then((found) => done(found.violations.filter((one) => ['serious', 'critical'].includes(one.impact))
            .map((one) => [one.id, one.nodes.map((node) => node.html)])), (problem) => done(String(problem)))";
        let found = browser.run_until_done(&format!("{axe}\n{script}")).await;
        assert_eq!(found, json!([]), "{screen} of {}", self.name);
    }
}
