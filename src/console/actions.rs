//! What the entries of the audit log say.

use super::words::Language;
use crate::domain::tenancy::audit::AuditAction;

/// The text for an action.
pub(super) fn label(language: Language, action: AuditAction) -> &'static str {
    use AuditAction as A;
    language.of(match action {
        A::SignIn => ("Signed in", "登录"),
        A::LinkSignIn => ("Signed in by a link", "通过链接登录"),
        A::ConsoleLink => ("Link to the console made", "生成控制台链接"),
        A::OperatorCreate => ("Operator created", "创建运维账号"),
        A::OperatorPassword => ("Password of an operator set", "设置运维账号密码"),
        A::OperatorTotp => ("Codes of an operator reset", "重置运维账号验证码"),
        A::OperatorDisable => ("Operator disabled", "停用运维账号"),
        A::OperatorEnable => ("Operator enabled", "启用运维账号"),
        A::EnterpriseCreate => ("Enterprise created", "创建企业"),
        A::EnterpriseSet => ("Settings changed", "修改设置"),
        A::EnterpriseDelete => ("Enterprise deleted", "删除企业"),
        A::KeyRotate => ("Key of calls replaced", "更换接口密钥"),
        A::WebhookSecretRotate => ("Secret of callbacks replaced", "更换回调密钥"),
        A::DocumentServiceSecretRotate => ("Secret of the document service replaced", "更换文档服务密钥"),
        A::CallbackKeyRotate => ("Key of callback signatures replaced", "更换回调签名密钥"),
        A::TokenCreate => ("Token for IM created", "创建 IM 令牌"),
        A::TokenRevoke => ("Token for IM revoked", "吊销 IM 令牌"),
        A::FilterAdd => ("Masked words added", "添加屏蔽词"),
        A::FilterRemove => ("Masked words removed", "移除屏蔽词"),
        A::ChannelCreate => ("Channel created", "创建渠道"),
        A::ChannelPassword => ("Password of a channel set", "设置渠道密码"),
        A::ChannelKeyRotate => ("Key of channels replaced", "更换渠道密钥"),
        A::OrganizationSecretRotate => ("Secret of an organization replaced", "更换机构密钥"),
        A::DeliveriesReplay => ("Delivered again", "重新投递"),
        A::DeliveriesPause => ("Deliveries paused", "暂停投递"),
        A::DeliveriesResume => ("Deliveries resumed", "恢复投递"),
        A::DeliveriesTest => ("Test event sent", "发送测试事件"),
        A::ClassEnd => ("Class ended", "结束课堂"),
        A::UserPassword => ("Password of a user set", "设置用户密码"),
        A::UserDelete => ("User deleted", "删除用户"),
        A::DocumentConvert => ("Document converted again", "重新转换文档"),
        A::DocumentDelete => ("Document deleted", "删除文档"),
        A::RecordingCompose => ("Video of a recording made again", "重新合成录制视频"),
        A::CallMade => ("Call made in the console", "在控制台调用接口"),
        A::UserToken => ("Token of a user renewed", "更换用户令牌"),
    })
}
