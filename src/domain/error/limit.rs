//! The limits that a request can reach: rates, and quotas of what an enterprise keeps.

/// What a limit counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Limit {
    /// Wrong passwords of one account from one address.
    WrongPasswords,
    /// Attempts to sign in.
    SignIns,
    /// Attempts to enter a class with its password.
    ClassPasswords,
    /// Accounts that people open themselves.
    Registrations,
    /// Accounts of visitors that are created.
    Visitors,
    /// Rooms that are opened.
    Rooms,
    /// Reports of components.
    Reports,
    /// The size of the reports of components.
    ReportBytes,
    /// Chat messages.
    ChatMessages,
    /// Images for the chat.
    ChatImages,
    /// Calls that draw on a board.
    Drawings,
    /// Offers to the media server.
    MediaConnects,
    /// Calls without a token.
    OpenCalls,
    /// Classes that are created.
    NewClasses,
    /// Classes that the enterprise keeps.
    KeptClasses,
    /// Users that the enterprise keeps.
    KeptUsers,
    /// Visitors that the enterprise keeps.
    KeptVisitors,
    /// Documents that the enterprise keeps.
    KeptDocuments,
    /// Chat groups that the enterprise keeps, besides those of its classes and courses.
    KeptGroups,
    /// Chat messages that the enterprise keeps.
    KeptMessages,
    /// Images of chats that the enterprise keeps.
    KeptChatImages,
    /// Words that the enterprise masks in messages.
    KeptFilterWords,
    /// Reports that the enterprise keeps.
    KeptReports,
    /// Items on one page of a board.
    BoardPageItems,
    /// Items on all pages of a board.
    BoardItems,
    /// The size of what is drawn on a board.
    BoardBytes,
    /// Whiteboard pages of a class.
    Whiteboards,
    /// Recordings of a class that components uploaded.
    ClassRecordings,
    /// Bytes of recordings that the enterprise keeps.
    RecordingBytes,
    /// Documents that wait for their conversion.
    QueuedConversions,
}

impl Limit {
    /// The name for operators.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::WrongPasswords => "wrong_passwords",
            Self::SignIns => "sign_ins",
            Self::ClassPasswords => "class_passwords",
            Self::Registrations => "registrations",
            Self::Visitors => "visitors",
            Self::Rooms => "rooms",
            Self::Reports => "reports",
            Self::ReportBytes => "report_bytes",
            Self::Drawings => "drawings",
            Self::ChatMessages => "chat_messages",
            Self::ChatImages => "chat_images",
            Self::MediaConnects => "media_connects",
            Self::OpenCalls => "open_calls",
            Self::NewClasses => "new_classes",
            Self::KeptClasses => "kept_classes",
            Self::KeptUsers => "kept_users",
            Self::KeptVisitors => "kept_visitors",
            Self::KeptDocuments => "kept_documents",
            Self::KeptGroups => "kept_groups",
            Self::KeptMessages => "kept_messages",
            Self::KeptChatImages => "kept_chat_images",
            Self::KeptFilterWords => "kept_filter_words",
            Self::KeptReports => "kept_reports",
            Self::BoardPageItems => "board_page_items",
            Self::BoardItems => "board_items",
            Self::BoardBytes => "board_bytes",
            Self::Whiteboards => "whiteboards",
            Self::ClassRecordings => "class_recordings",
            Self::RecordingBytes => "recording_bytes",
            Self::QueuedConversions => "queued_conversions",
        }
    }

    /// The sentence for a limit that was reached.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::WrongPasswords => "too many wrong passwords",
            Self::SignIns => "too many attempts to sign in",
            Self::ClassPasswords => "too many attempts with passwords of classes",
            Self::Registrations => "too many new accounts",
            Self::Visitors => "too many new visitors",
            Self::Rooms => "too many new rooms",
            Self::Reports => "too many reports",
            Self::ReportBytes => "too many bytes of reports",
            Self::Drawings => "too many drawings",
            Self::ChatMessages => "too many messages",
            Self::ChatImages => "too many images",
            Self::MediaConnects => "too many offers to the media server",
            Self::OpenCalls => "too many calls without a token",
            Self::NewClasses => "too many new classes",
            Self::KeptClasses => "the enterprise has as many classes as it may keep",
            Self::KeptUsers => "the enterprise has as many users as it may keep",
            Self::KeptVisitors => "the enterprise has as many visitors as it may keep",
            Self::KeptDocuments => "the enterprise has as many documents as it may keep",
            Self::KeptGroups => "the enterprise has as many groups as it may keep",
            Self::KeptMessages => "the enterprise has as many messages as it may keep",
            Self::KeptChatImages => "the enterprise has as many images of chats as it may keep",
            Self::KeptFilterWords => "the filter has as many words as it may have",
            Self::KeptReports => "the enterprise has as many reports as it may keep",
            Self::BoardPageItems => "the page has as many items as a page may have",
            Self::BoardItems => "the board has as many items as a class may have",
            Self::BoardBytes => "as much is drawn on the board as a class may keep",
            Self::Whiteboards => "the class has as many whiteboard pages as it may have",
            Self::ClassRecordings => "the class has as many uploaded recordings as it may have",
            Self::RecordingBytes => "the enterprise keeps as many bytes of recordings as it may",
            Self::QueuedConversions => "as many documents of the enterprise as may wait for their conversion do",
        }
    }
}
