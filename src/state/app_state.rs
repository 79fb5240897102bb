//! The state that all requests share.

use std::net::IpAddr;
use std::sync::Arc;

use super::class_reads::ClassReads;
use super::enterprise_cache::Enterprises;
use super::login_throttle::{Attempt, LoginKey, LoginThrottle};
use super::passwords::Passwords;
use super::quotas::Quotas;
use super::rates::{Rates, Who};
use super::read_cache::ResponseCache;
use super::readiness::Readiness;
use super::room_lists::RoomLists;
use super::word_filters::WordFilters;
use crate::clock::{Clock, Millis};
use crate::config::{Config, HlsSwitch, live_url};
use crate::db::Db;
use crate::domain;
use crate::domain::Limit;
use crate::domain::chat::filter::WordFilter;
use crate::domain::chat::group::{Message, MessageKind, Notice};
use crate::domain::classroom::chat::{Content, image};
use crate::domain::classroom::live::Subject;
use crate::domain::classroom::online_recording;
use crate::domain::classroom::online_recording::NotRecordedReason;
use crate::domain::content::file;
use crate::domain::content::file::Address;
use crate::domain::ids::{ClassId, CourseId, EnterpriseId, OrganizationId};
use crate::domain::tenancy::enterprise::Enterprise;
use crate::domain::tenancy::quota::Counted;
use crate::integrations::converter::Converter;
use crate::integrations::hosted_groups::HostedGroups;
use crate::integrations::tencent::vod::Vod;
use crate::presence::Presence;
use crate::realtime::Hub;
use crate::recording::{Live, Recorder};
use crate::service::stage::Stage;
use crate::storage::Storage;

/// The state of the service.
pub struct AppState {
    /// The settings.
    pub config: Config,
    /// The base of the URLs that clients get, without a trailing slash.
    pub public_url: String,
    /// The clock.
    pub clock: Clock,
    /// The database.
    pub db: Db,
    /// The cache of enterprises.
    pub enterprises: Enterprises,
    /// The hosted service that keeps the groups of new classes; `None` if Lectern keeps them.
    pub hosted_groups: Option<Arc<dyn HostedGroups>>,
    /// The document converter.
    pub converter: Arc<dyn Converter>,
    /// The sessions that are alive, in memory.
    pub presence: Arc<Presence>,
    /// Who follows which class at this instance.
    pub channel: Arc<Hub>,
    /// Voice and pictures of classes.
    pub stage: Stage,
    /// Writes what is recorded; `None` for an instance that records nothing.
    pub recording: Option<Arc<Recorder>>,
    /// Shows classes live; `None` for an instance that shows none.
    pub live: Option<Arc<Live>>,
    /// The cache of responses.
    pub response_cache: ResponseCache,
    /// Reads of single classes.
    pub class_reads: ClassReads,
    /// The cache of lists of rooms.
    pub room_lists: RoomLists,
    /// The storage of files.
    pub storage: Storage,
    /// The limit on wrong passwords.
    pub login_throttle: LoginThrottle,
    /// Whether this instance can serve.
    pub readiness: Readiness,
    /// The limits on how often something is done.
    pub rates: Rates,
    /// The limits on what an enterprise keeps.
    pub quotas: Quotas,
    /// The words that enterprises mask in messages.
    pub word_filters: WordFilters,
    /// Hashes and checks passwords.
    pub passwords: Passwords,
    /// The hosted video service.
    pub vod: Vod,
    /// Formats a notice for a client that pulls messages. The text comes from a protocol.
    pub show_notice: fn(&Notice, &Message) -> String,
}

impl AppState {
    /// The current time.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.clock.now()
    }

    /// Whether this instance can record a class now.
    ///
    /// # Errors
    /// Why it can't.
    pub fn recorder(&self) -> online_recording::Recorder {
        let recording = self.recording.as_ref().ok_or(NotRecordedReason::Off)?;
        recording.check_room().map_err(|_| NotRecordedReason::NoRoom)?;
        Ok(self.config.quotas.quota_recording_bytes)
    }

    /// Begins an attempt to sign in. Call it before anything is looked up.
    ///
    /// # Errors
    /// [`Error::LimitReached`](domain::Error::LimitReached), [`Error::Busy`](domain::Error::Busy).
    pub fn begin_sign_in(&self, key: LoginKey) -> domain::Result<Attempt<'_>> {
        let who = Who { address: Some(key.address), user_id: Some(&key.user_id), enterprise_id: key.enterprise_id };
        self.rates.take(Limit::SignIns, &who)?;
        self.login_throttle.begin(key, self.now())
    }

    /// Checks that an enterprise may have one more visitor. `address` is that of a visitor who calls, as limits count it.
    ///
    /// # Errors
    /// As [`AppState::check_quota`].
    pub async fn check_new_visitor(&self, enterprise_id: EnterpriseId, address: Option<IpAddr>) -> domain::Result<()> {
        let who = Who { address, ..Who::enterprise(enterprise_id) };
        self.rates.take(Limit::Visitors, &who)?;
        self.check_quota(enterprise_id, Counted::Visitors, 1).await
    }

    /// Checks that one more message may be sent in an enterprise. `user_id` is the sender who calls; `None` for a signed call.
    ///
    /// # Errors
    /// As [`AppState::check_quota`].
    pub async fn check_new_message(&self, enterprise_id: EnterpriseId, user_id: Option<&str>) -> domain::Result<()> {
        let who = Who { user_id, ..Who::enterprise(enterprise_id) };
        self.rates.take(Limit::ChatMessages, &who)?;
        self.check_quota(enterprise_id, Counted::Messages, 1).await
    }

    /// Checks that one more image may be uploaded for a chat of an enterprise.
    ///
    /// # Errors
    /// As [`AppState::check_quota`].
    pub async fn check_new_image(&self, enterprise_id: EnterpriseId, user_id: &str) -> domain::Result<()> {
        let who = Who { user_id: Some(user_id), ..Who::enterprise(enterprise_id) };
        self.rates.take(Limit::ChatImages, &who)?;
        self.check_quota(enterprise_id, Counted::ChatImages, 1).await
    }

    /// The words that an enterprise masks in messages, at most one second old.
    ///
    /// # Errors
    /// Only those of the database.
    pub async fn word_filter(&self, enterprise_id: EnterpriseId) -> domain::Result<Arc<WordFilter>> {
        self.word_filters.find(&self.db, enterprise_id, self.now()).await
    }

    /// The content of a new message of this kind in an enterprise.
    ///
    /// # Errors
    /// [`Error::Invalid`](domain::Error::Invalid) for an image that is not stored here, or those of the database.
    pub async fn message_content(
        &self,
        enterprise_id: EnterpriseId,
        kind: MessageKind,
        content: String,
    ) -> domain::Result<Content> {
        Ok(match kind {
            MessageKind::Text => Content::Text(self.word_filter(enterprise_id).await?.mask(content)),
            MessageKind::Image => Content::Image(image::key_of_url(&self.public_url, &content)?),
            MessageKind::Custom => Content::Custom(content),
        })
    }

    /// Checks that an enterprise may keep `n` more rows of a kind.
    ///
    /// # Errors
    /// [`Error::LimitReached`](domain::Error::LimitReached), or those of the database.
    pub async fn check_quota(&self, enterprise_id: EnterpriseId, counted: Counted, n: usize) -> domain::Result<()> {
        let n = i64::try_from(n).unwrap_or(i64::MAX);
        self.quotas.take(&self.db, enterprise_id, counted, n, self.now()).await
    }

    /// Checks that an enterprise may have `n` more classes, lessons or rooms. Ids of classes are never used twice, so their rate is
    /// limited too.
    ///
    /// # Errors
    /// As [`AppState::check_quota`].
    pub async fn check_new_classes(&self, enterprise_id: EnterpriseId, n: usize) -> domain::Result<()> {
        let count = u32::try_from(n).unwrap_or(u32::MAX);
        self.rates.take_many(Limit::NewClasses, &Who::enterprise(enterprise_id), count)?;
        self.check_quota(enterprise_id, Counted::Classes, n).await
    }

    /// The address that a client gets: that of a stored file gets the host of this service and, if the file is private, an expiring
    /// signature. Other addresses are unchanged.
    #[must_use]
    pub fn address(&self, enterprise: &Enterprise, stored: &str) -> String {
        match Address::stored(stored) {
            Some(address) => self.link(enterprise, &address),
            None => stored.to_owned(),
        }
    }

    /// The link to a file that a client gets.
    #[must_use]
    pub fn link(&self, enterprise: &Enterprise, address: &Address) -> String {
        format!("{}{}", self.public_url, address.link(enterprise, self.links_expire()))
    }

    /// When a link expires that is made now.
    fn links_expire(&self) -> Millis {
        let good_for = Millis::from(self.config.storage.link_seconds).saturating_mul(1000);
        self.now().saturating_add(good_for)
    }

    /// The address of the live picture of a course, whichever of its lessons goes on; empty when there is none.
    #[must_use]
    pub fn live_of_course(
        &self,
        enterprise: &Enterprise,
        organization_id: OrganizationId,
        course_id: CourseId,
    ) -> String {
        self.live(enterprise, Subject::Course(course_id))
            .unwrap_or_else(|| live_url(&self.config.media.hls_url, organization_id, course_id))
    }

    /// The address of the live picture of a class; empty when there is none. `course` is that of a lesson.
    #[must_use]
    pub fn live_of_class(
        &self,
        enterprise: &Enterprise,
        class_id: ClassId,
        course: Option<(OrganizationId, CourseId)>,
    ) -> String {
        let of_course = |(organization_id, course_id)| live_url(&self.config.media.hls_url, organization_id, course_id);
        self.live(enterprise, Subject::Class(class_id)).unwrap_or_else(|| course.map(of_course).unwrap_or_default())
    }

    /// The address of a live picture that this service makes.
    fn live(&self, enterprise: &Enterprise, subject: Subject) -> Option<String> {
        let is_on = self.config.media.hls == HlsSwitch::On;
        is_on.then(|| format!("{}{}", self.public_url, subject.path(enterprise, self.links_expire())))
    }

    /// The stored file at an address.
    ///
    /// # Errors
    /// Those of [`file::of_url`].
    pub fn file_of(&self, enterprise: &Enterprise, url: &str) -> domain::Result<Option<Address>> {
        file::of_url(enterprise, &self.public_url, url, self.now())
    }
}
