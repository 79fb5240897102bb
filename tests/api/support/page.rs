//! The classroom page in a browser, used as a person would: by the names of buttons and fields.

use serde_json::{Value, json};

use crate::support::browser::Browser;

/// Finds an element by its role and its name, as a screen reader reads it. Only those that can be seen count.
const FIND: &str = r#"
    const seen = (element) => element.getClientRects().length > 0 && getComputedStyle(element).visibility !== "hidden";
    const name = (element) => {
        const by = element.getAttribute("aria-labelledby");
        const label = by ? by.split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ")
            : element.getAttribute("aria-label") ?? (element.labels?.length ? element.labels[0].textContent : null)
            ?? (element.textContent.trim() || element.getAttribute("title") || element.getAttribute("placeholder") || "");
        return label.replace(/\s+/g, " ").trim();
    };
    // What lies behind a dialog can't be reached.
    const reachable = (selector) => [...([...document.querySelectorAll("dialog[open], [role=dialog]")].filter(seen).pop() ?? document)
        .querySelectorAll(selector)].filter(seen);
    const find = (selector, wanted) => reachable(selector).find((element) => name(element) === wanted)
        ?? reachable(selector).find((element) => name(element).startsWith(wanted));
    const BUTTONS = "button, [role=button], [role=tab], [role=menuitem], [role=radio], [role=menuitemradio], a[href], "
        + "input[type=radio], input[type=checkbox]";
    const FIELDS = "input, textarea, select, [role=textbox], [role=searchbox]";
"#;

/// The page of one person.
pub struct Page {
    pub browser: Browser,
}

impl Page {
    /// Opens a link.
    pub async fn open(url: &str) -> Self {
        let browser = Browser::start().await;
        browser.resize(1440, 900, false).await;
        browser.speak("en-US").await;
        browser.open(url).await;
        Self { browser }
    }

    /// Opens a link on a phone that speaks a language, such as `zh-CN`.
    pub async fn open_on_phone(url: &str, language: &str) -> Self {
        let browser = Browser::start().await;
        browser.resize(360, 740, true).await;
        browser.speak(language).await;
        browser.open(url).await;
        Self { browser }
    }

    /// Waits until a script is true.
    pub async fn until(&self, script: &str) {
        self.browser.wait_for(&format!("{FIND} return !!({script});"), json!(true)).await;
    }

    /// Waits until the page shows a text.
    pub async fn sees(&self, text: &str) {
        self.until(&format!("document.body.innerText.includes({})", json!(text))).await;
    }

    /// Presses a button, a tab or an entry of a menu.
    pub async fn press(&self, button: &str) {
        self.until(&format!("find(BUTTONS, {0}) && !find(BUTTONS, {0}).disabled", json!(button))).await;
        self.browser.run(&format!("{FIND} find(BUTTONS, {}).click();", json!(button))).await;
    }

    /// Whether there is such a button.
    pub async fn has_button(&self, button: &str) -> bool {
        self.browser.run(&format!("{FIND} return !!find(BUTTONS, {});", json!(button))).await == json!(true)
    }

    /// Writes into a field, in place of what is there.
    pub async fn fill(&self, field: &str, text: &str) {
        self.until(&format!("find(FIELDS, {})", json!(field))).await;
        let focus = format!("{FIND} const field = find(FIELDS, {}); field.focus(); field.select?.();", json!(field));
        self.browser.run(&focus).await;
        self.browser.type_text(text).await;
    }

    /// Chooses the option of a field whose text begins so.
    pub async fn choose(&self, field: &str, option: &str) {
        let find = format!(
            "const field = find(FIELDS, {}); const option = [...field?.options ?? []].find((one) => one.text.startsWith({}));",
            json!(field),
            json!(option)
        );
        self.until(&format!("(() => {{ {find} return option; }})()")).await;
        let choose = "field.value = option.value; field.dispatchEvent(new Event('change', { bubbles: true }));";
        self.browser.run(&format!("{FIND} {find} {choose}")).await;
    }

    /// Waits until an image with this description is shown, loaded.
    pub async fn sees_image(&self, description: &str) {
        let image = format!("[...document.images].find((one) => one.alt === {} && seen(one))", json!(description));
        self.until(&format!("(({image})?.naturalWidth ?? 0) > 0")).await;
    }

    /// Presses a key.
    pub async fn key(&self, key: char) {
        self.browser.press(key).await;
    }

    /// What the page knows of the class: the state that it shows, as data.
    pub async fn state(&self) -> Value {
        self.browser.run("return window.lectern.state();").await
    }

    /// Waits until what the page knows of the class is true of a script with `state`.
    pub async fn knows(&self, script: &str) {
        self.until(&format!("(() => {{ const state = window.lectern.state(); return state && ({script}); }})()")).await;
    }

    /// Takes a screenshot. It is kept among the artifacts of the tests.
    pub async fn screenshot(&self, name: &str) {
        self.browser.screenshot(&format!("classroom-{name}.png")).await;
    }
}
