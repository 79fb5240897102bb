//! Why an action is forbidden, and the sentence for each reason.

use super::field::{Field, Noun, Vocabulary};
use crate::store::ids::ClassId;
use crate::store::tenancy::operator::ConsoleRole;

/// Why an action is forbidden.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are ids")]
pub enum Forbidden {
    /// Only the hosts of the class (its teacher and its assistant) may do this, and the user is neither.
    NotHost { user_id: String, class_id: ClassId },
    /// Only moderators of the class may do this.
    NotModerator { user_id: String, class_id: ClassId },
    /// Only the teacher of the class may do this.
    NotTeacher { user_id: String, class_id: ClassId },
    /// The teacher can't be removed from their own class.
    IsTeacher { user_id: String, class_id: ClassId },
    /// Only users with the role teacher may open rooms.
    NotATeacher { user_id: String },
    /// The user teaches classes that are planned or in progress, and so can't be deleted.
    Teaches { user_id: String, class_ids: Vec<ClassId> },
    /// The user is the account of a channel, and so can't be deleted.
    IsChannelAccount { user_id: String },
    /// Nobody may open an account; the enterprise registers its people.
    RegistrationClosed,
    /// Only pupils may open accounts; the enterprise registers all others.
    OnlyPupilsRegister,
    /// Visitors, who have no account, may enter public classes only.
    VisitorsOnlyInPublic { class_id: ClassId },
    /// Somebody with the same address or token was put out of the class.
    PutOutBefore { class_id: ClassId },
    /// The user is not inside the class.
    NotInside { user_id: String, class_id: ClassId },
    /// The user is silenced in the class.
    Silenced { user_id: String, class_id: ClassId },
    /// The token signs in to this class only.
    TokenOfOneClass { class_id: ClassId },
    /// The user may not draw in the class.
    MayNotDraw { user_id: String, class_id: ClassId },
    /// The items of the board were drawn by others.
    OthersItems { item_ids: Vec<String> },
    /// The sender may not write private messages to this user in the class, or there is no such user.
    NotReceiver { user_id: String, class_id: ClassId },
    /// The message was sent by another user.
    OthersMessage { user_id: String },
    /// The documents belong to another user.
    OthersDocuments { doc_ids: Vec<String> },
    /// The file was discarded while it was written.
    FileDiscarded,
    /// The role in the console does not allow this.
    ConsoleRole { role: ConsoleRole },
    /// The group belongs to a course or a class and can be changed only through it.
    GroupOfClass { group: i64 },
}

impl Forbidden {
    /// The sentence, with the protocol's names for fields.
    #[must_use]
    pub fn words(&self, vocabulary: &dyn Vocabulary) -> String {
        let (user, class) = (vocabulary.field(Field::User), vocabulary.field(Field::Class));
        match self {
            Self::NotHost { user_id, class_id } => {
                format!("{} {user_id:?}: does not give {class} {class_id}", vocabulary.field(Field::Teacher))
            }
            Self::NotModerator { user_id, class_id } => format!("{user} {user_id:?}: does not lead {class} {class_id}"),
            Self::NotTeacher { user_id, class_id } => {
                format!("{user} {user_id:?}: only the teacher of {class} {class_id} may")
            }
            Self::IsTeacher { user_id, class_id } => {
                format!("{user} {user_id:?}: is the teacher of {class} {class_id}")
            }
            Self::NotATeacher { user_id } => format!("{user} {user_id:?}: only teachers open rooms"),
            Self::Teaches { user_id, class_ids } => {
                let classes: Vec<String> = class_ids.iter().map(ToString::to_string).collect();
                let classes = classes.join(", ");
                format!(
                    "{user} {user_id:?}: teaches {class} {classes}; give it another teacher, or end or delete it, first"
                )
            }
            Self::IsChannelAccount { user_id } => format!("{user} {user_id:?}: is the account of a channel, and stays"),
            Self::RegistrationClosed => "accounts are not opened here; the enterprise registers its people".into(),
            Self::OnlyPupilsRegister => "only pupils open accounts here; the enterprise registers its teachers".into(),
            Self::VisitorsOnlyInPublic { class_id } => {
                format!("{class} {class_id}: visitors may enter public classes only")
            }
            Self::PutOutBefore { class_id } => {
                format!("{class} {class_id}: somebody with the same address or token was put out of it")
            }
            Self::NotInside { user_id, class_id } => format!("{user} {user_id:?}: not inside {class} {class_id}"),
            Self::Silenced { user_id, class_id } => format!("{user} {user_id:?}: is silenced in {class} {class_id}"),
            Self::TokenOfOneClass { class_id } => {
                format!("{}: is for {class} {class_id} only", vocabulary.field(Field::Token))
            }
            Self::MayNotDraw { user_id, class_id } => format!("{user} {user_id:?}: may not draw in {class} {class_id}"),
            Self::OthersItems { item_ids } => {
                format!("{}: drawn by others: {}", vocabulary.field(Field::BoardOperations), item_ids.join(", "))
            }
            Self::NotReceiver { user_id, class_id } => {
                let receiver = vocabulary.field(Field::MessageReceiver);
                format!("{receiver} {user_id:?}: gets no private messages of this user in {class} {class_id}")
            }
            Self::OthersMessage { user_id } => {
                format!("{user} {user_id:?}: may recall only the own messages")
            }
            Self::OthersDocuments { doc_ids } => {
                format!("{}: of somebody else: {}", vocabulary.field(Field::Documents), doc_ids.join(", "))
            }
            Self::ConsoleRole { role } => format!("the role {role} does not allow this"),
            Self::FileDiscarded => "the file was discarded before it was whole".into(),
            Self::GroupOfClass { group } => format!(
                "{} {group}: does not stand alone, it is the {} of a course or a class",
                vocabulary.field(Field::Group),
                vocabulary.noun(Noun::Group),
            ),
        }
    }
}
