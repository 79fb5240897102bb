//! What the list of deliveries is filtered by, as the form has it and as the search takes it.

use url::form_urlencoded::Serializer;

use crate::console::form::Fields;
use crate::console::kinds;
use crate::console::page::Choice;
use crate::console::time;
use crate::console::words::{Language, Words};
use crate::domain::events::event::{EventKind, Position, Search, State};
use crate::domain::ids::{ClassId, DeliveryId, EventId};

/// The fields of the filter, as they were typed.
#[derive(Clone, Debug, Default)]
pub(super) struct Filter {
    pub(super) state: String,
    pub(super) event: String,
    pub(super) class: String,
    pub(super) since: String,
    pub(super) until: String,
    pub(super) reason: String,
    after: String,
}

impl Filter {
    /// The filter in the fields of a query or a form.
    pub(super) fn of(fields: &Fields) -> Self {
        let get = |name| fields.get(name).to_owned();
        Self {
            state: get("state"),
            event: get("event"),
            class: get("class"),
            since: get("since"),
            until: get("until"),
            // A reason may begin or end with a blank.
            reason: fields.exactly("reason").to_owned(),
            after: get("after"),
        }
    }

    /// The failures for one reason.
    pub(super) fn of_reason(reason: &str) -> Self {
        Self { state: "dead".into(), reason: reason.to_owned(), ..Self::default() }
    }

    /// What to search for. A field that can't be read finds nothing less.
    pub(super) fn search(&self) -> Search {
        let states = match self.state.as_str() {
            "pending" => vec![State::Ready, State::Waiting, State::Claimed],
            "delivered" => vec![State::Delivered],
            "dead" => vec![State::Dead],
            _ => Vec::new(),
        };
        Search {
            states,
            class_id: self.class.parse().ok().map(ClassId),
            kind: EventKind::ALL.into_iter().find(|kind| kind.as_str() == self.event),
            since: time::parse(&self.since),
            until: time::parse(&self.until),
            problem: Some(self.reason.clone()).filter(|reason| !reason.is_empty()),
        }
    }

    /// Where the page begins.
    pub(super) fn after(&self) -> Option<Position> {
        let (event_id, delivery_id) = self.after.split_once('_')?;
        Some(Position { event_id: EventId(event_id.parse().ok()?), delivery_id: DeliveryId(delivery_id.parse().ok()?) })
    }

    /// Whether what is shown may be replayed as a whole.
    pub(super) fn is_settled(&self) -> bool {
        matches!(self.state.as_str(), "delivered" | "dead")
    }

    /// Whether it filters anything.
    pub(super) fn is_set(&self) -> bool {
        !self.query(None).is_empty()
    }

    /// The query of a page of the list.
    pub(super) fn query(&self, after: Option<Position>) -> String {
        let mut query = Serializer::new(String::new());
        for (name, value) in self.fields() {
            query.append_pair(name, value);
        }
        if let Some(Position { event_id, delivery_id }) = after {
            query.append_pair("after", &format!("{event_id}_{delivery_id}"));
        }
        query.finish()
    }

    /// The fields that are set.
    pub(super) fn fields(&self) -> Vec<(&'static str, &str)> {
        let all = [
            ("state", &self.state),
            ("event", &self.event),
            ("class", &self.class),
            ("since", &self.since),
            ("until", &self.until),
            ("reason", &self.reason),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| (name, value.as_str())).collect()
    }

    /// What is set, for people.
    pub(super) fn described(&self, language: Language) -> Vec<(&'static str, String)> {
        let words = language.words();
        let chosen = |choices: Vec<Choice>| {
            let chosen = choices.into_iter().find(|choice| choice.is_chosen && !choice.value.is_empty());
            chosen.map_or_else(String::new, |choice| choice.label.to_owned())
        };
        let all = [
            (words.state, chosen(self.states(words))),
            (words.event, chosen(self.events(language))),
            (words.class, self.class.clone()),
            (words.since, self.since.clone()),
            (words.until, self.until.clone()),
            (words.reason, self.reason.clone()),
        ];
        all.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The choices of the state.
    pub(super) fn states(&self, words: &Words) -> Vec<Choice> {
        let all = [("", words.all), ("pending", words.pending), ("delivered", words.delivered), ("dead", words.dead)];
        all.map(|(value, label)| Choice { value, label, is_chosen: self.state == value }).into()
    }

    /// The choices of the event.
    pub(super) fn events(&self, language: Language) -> Vec<Choice> {
        let words = language.words();
        let kinds = EventKind::ALL.map(|kind| (kind.as_str(), kinds::label(language, kind)));
        let all = std::iter::once(("", words.all)).chain(kinds);
        all.map(|(value, label)| Choice { value, label, is_chosen: self.event == value }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_comes_back_from_its_query() {
        let query = b"state=dead&event=joined&class=100000001&since=2023-11-14T22:13&reason=+HTTP+500&x=1&after=7_8";
        let filter = Filter::of(&Fields::parse(query));
        let search = filter.search();
        assert_eq!((search.states, search.kind), (vec![State::Dead], Some(EventKind::Joined)));
        assert_eq!((search.class_id, search.until), (Some(ClassId(100_000_001)), None));
        assert_eq!(search.problem.as_deref(), Some(" HTTP 500"));
        let next = Some(Position { event_id: EventId(7), delivery_id: DeliveryId(8) });
        assert_eq!(filter.after(), next);
        let again = Filter::of(&Fields::parse(filter.query(next).as_bytes()));
        assert_eq!((again.fields(), again.after()), (filter.fields(), next));
        assert!(!Filter::default().is_set());
    }
}
