//! The table of the texts: a name, and the text in English and in Chinese.

macro_rules! texts {
    ($($name:ident: $english:literal, $chinese:literal;)+) => {
        /// The texts in one language.
        pub(crate) struct Words { $(pub(crate) $name: &'static str,)+ }
        pub(super) const ENGLISH: Words = Words { $($name: $english,)+ };
        pub(super) const CHINESE: Words = Words { $($name: $chinese,)+ };
        #[cfg(test)]
        pub(super) const ALL: &[(&str, &str, &str)] = &[$((stringify!($name), $english, $chinese),)+];
    };
}

texts! {
    // Every page.
    console: "Console", "控制台";
    skip: "Skip to the content", "跳到正文";
    navigation: "Sections", "栏目";
    sign_out: "Sign out", "退出登录";
    other_language: "中文", "English";
    role_operator: "Operator", "运维";
    role_admin: "Admin", "管理员";
    role_support: "Support (reads only)", "支持（只读）";
    older: "Older", "更早的";
    newest: "Newest", "最新的";
    all: "All", "全部";
    apply: "Apply", "筛选";
    clear: "Clear", "清除";
    cancel: "Cancel", "取消";
    back: "Back", "返回";
    utc: "UTC", "世界时";
    milliseconds: "{} ms", "{} 毫秒";

    // Signing in.
    sign_in: "Sign in", "登录";
    sign_in_title: "Sign in to the console", "登录控制台";
    name: "Name", "用户名";
    password: "Password", "密码";
    code: "Code", "验证码";
    code_hint: "The six digits that your authenticator app shows", "身份验证器应用显示的六位数字";
    sign_in_wrong: "Name, password or code is wrong, or the code was used already. Wait for the next code and try again.",
        "用户名、密码或验证码不正确，或者验证码已经用过。请等待下一个验证码后重试。";
    sign_in_slow: "Too many wrong attempts. Try again in {} seconds.", "错误次数过多，请在 {} 秒后重试。";
    busy: "The service has too much to do now. Nothing was done; try again.", "服务现在太忙，没有做任何操作，请重试。";
    link_title: "Sign in by a link", "通过链接登录";
    link_token: "Token", "令牌";
    link_hint: "The token is the part of the link after the #. It works once, for some minutes.",
        "令牌是链接中 # 后面的部分，几分钟内有效，只能使用一次。";
    link_wrong: "The link was used already or has expired. Ask for a new one.", "链接已经用过或已过期，请重新获取。";

    // What went wrong.
    not_found: "There is no such page", "没有这个页面";
    not_found_text: "It does not exist, or you may not see it.", "它不存在，或者您无权查看。";
    forbidden: "You may not do this", "您无权执行此操作";
    forbidden_text: "Your role does not allow it. Nothing was done.", "您的角色不允许此操作，没有做任何更改。";
    stale: "The form is out of date", "表单已过期";
    stale_text: "It was made for another session or sent from another site. Nothing was done. Open the page again and repeat it.",
        "它属于另一个会话，或来自其他网站。没有做任何更改，请重新打开页面再试。";
    invalid: "That is not possible", "无法执行";
    failed: "Something went wrong", "出错了";
    failed_text: "The service could not answer. Try again; the log of the service says why.", "服务无法响应，请重试；原因见服务日志。";

    // Enterprises.
    enterprises: "Enterprises", "企业";
    enterprise: "Enterprise", "企业";
    search: "Search", "搜索";
    search_hint: "Name or sdkappid", "名称或 sdkappid";
    created: "Created", "创建时间";
    protocols: "Protocols", "协议";
    no_enterprises: "No enterprise matches.", "没有匹配的企业。";

    // Deliveries.
    deliveries: "Deliveries", "事件投递";
    delivery: "Delivery", "投递";
    callback_url: "Callback address", "回调地址";
    no_callback_url: "No callback address is set, so that events are kept but not sent.", "未设置回调地址，事件会保留但不会发送。";
    running: "Running", "运行中";
    paused: "Paused", "已暂停";
    pause: "Pause", "暂停";
    resume: "Resume", "恢复";
    pause_text: "Events wait until you resume.", "事件会等待，直到恢复投递。";
    test_event: "Send a test event", "发送测试事件";
    done_paused: "Deliveries are paused.", "投递已暂停。";
    done_resumed: "Deliveries were resumed.", "投递已恢复。";
    done_tested: "A test event is on its way.", "测试事件已发出。";
    done_replayed: "{} deliveries will be made again.", "将重新投递 {} 条。";
    failures: "Failures by reason", "按原因汇总的失败";
    failures_text: "The deliveries that were given up, of the newest 5,000.", "最近 5000 条已放弃的投递。";
    no_failures: "No delivery was given up.", "没有已放弃的投递。";
    reason: "Reason", "原因";
    count: "Count", "数量";
    last: "Last", "最近一次";
    state: "State", "状态";
    pending: "Pending", "待投递";
    delivered: "Delivered", "已送达";
    dead: "Given up", "已放弃";
    event: "Event", "事件";
    class: "Class", "课堂";
    since: "From", "开始时间";
    until: "To", "结束时间";
    time: "Time", "时间";
    attempts: "Attempts", "尝试次数";
    last_result: "Last result", "最近结果";
    not_tried: "Not tried yet", "尚未尝试";
    no_deliveries: "No delivery matches.", "没有匹配的投递。";
    looked_at_part: "The newest part was searched. Older deliveries may match.", "已搜索最新的部分，更早的投递可能也匹配。";
    replay: "Deliver again", "重新投递";
    replay_all: "Deliver all of these again…", "全部重新投递…";
    replay_title: "Deliver all that match again?", "确定重新投递所有匹配的事件？";
    replay_text: "{} deliveries match. Each is sent again with all its retries, and the receiver sees it a second time if it got it before.",
        "共有 {} 条匹配。每条都会重新发送并按规则重试；接收方如果已经收到过，会再次收到。";
    replay_bound: "Only the newest {} are delivered again now. Repeat it for the rest.", "本次只重新投递最新的 {} 条，其余请再次执行。";
    replay_none: "Nothing matches that is delivered or given up.", "没有匹配的已送达或已放弃的投递。";
    endpoint: "Receiver", "接收方";
    endpoint_enterprise: "The enterprise", "企业";
    endpoint_documents: "Document service", "文档服务";
    endpoint_recordings: "Recording service", "录制服务";
    endpoint_organization: "Organization {}", "机构 {}";
    sequence: "Number in the class", "课堂内序号";
    next_attempt: "Next attempt", "下次尝试";
    settled: "Settled", "完成时间";
    tries: "Attempts", "尝试记录";
    attempt: "Attempt {}", "第 {} 次尝试";
    no_attempts: "It was not tried yet.", "尚未尝试投递。";
    no_attempts_paused: "It waits, because deliveries are paused.", "投递已暂停，正在等待。";
    request: "Request", "请求";
    answer: "Answer", "应答";
    no_answer: "No answer", "无应答";
    empty_answer: "The answer was empty.", "应答为空。";
    duration: "Duration", "耗时";
    acknowledged: "Acknowledged", "已确认";
    event_data: "Data of the event", "事件数据";
    filtered_by_reason: "Reason: {}", "原因：{}";

    // Classes.
    classes: "Classes", "课堂";
    class_title: "Class: {}", "课堂：{}";
    class_running: "In progress", "进行中";
    class_planned: "Planned", "未开始";
    class_today: "Today", "今天";
    class_today_text: "Classes that begin or began on {}, the first at the top. Those that began before and go on are under “In progress”.",
        "{} 开始的课堂，按时间排序。此前开始且仍在进行的课堂在“进行中”里。";
    class_over: "Over", "已结束";
    total: "Total", "总数";
    no_classes: "There is no such class.", "没有这样的课堂。";
    topic: "Topic", "主题";
    teacher: "Teacher", "老师";
    assistant: "Assistant", "助教";
    begins: "Planned begin", "计划开始";
    ends: "Planned end", "计划结束";
    began: "Began", "实际开始";
    ended: "Ended", "实际结束";
    inside: "Inside", "在线人数";
    inside_now: "Inside now", "当前在课堂内";
    nobody_inside: "Nobody is inside.", "课堂内没有人。";
    inside_since: "Since", "进入时间";
    last_seen: "Last seen", "最近心跳";
    recordings: "Recordings", "录制";
    videos: "Videos", "视频数";
    recording_running: "Recording", "录制中";
    recording_paused: "Interrupted", "已暂停";
    recording_composing: "The video is being made", "正在生成视频";
    recording_done: "Done", "已完成";
    recording_failed: "Failed", "失败";
    timeline: "Timeline", "时间线";
    nothing_happened: "Nothing has happened yet.", "还没有任何记录。";
    came: "{} joined as {}", "{} 进入课堂，角色为 {}";
    went: "{} left: {}", "{} 离开课堂：{}";
    end_class: "End the class", "结束课堂";
    end_class_text: "Everybody inside leaves, and the class can't begin again.", "课堂内所有人都会离开，且课堂不能再次开始。";

    // Users.
    users: "Users", "用户";
    user: "User", "用户";
    nickname: "Name", "昵称";
    role: "Role", "角色";
    user_search: "User ids that begin with", "用户 ID 开头";
    no_users: "No user matches.", "没有匹配的用户。";
    registered: "Registered", "注册时间";
    updated: "Changed", "更新时间";
    phone: "Telephone", "电话";
    mail: "Mail", "邮箱";
    no_password: "None", "未设置";
    inside_classes: "Classes that they are inside now", "当前所在课堂";
    in_no_class: "They are inside no class.", "当前不在任何课堂内。";
    set_password: "Set the password", "设置密码";
    new_password: "New password", "新密码";
    set_password_text: "4 to 18 characters. The user is signed out everywhere.", "4 到 18 个字符。用户会在所有设备上退出登录。";
    done_password: "The password is set.", "密码已设置。";
    delete_user: "Delete the user", "删除用户";
    delete_user_text: "Their sessions and reservations end. Attendance and messages stay under the id. Type the id to confirm.",
        "其会话和预约会结束；考勤和消息会保留在该 ID 下。请输入用户 ID 以确认。";
    user_not_typed: "The id that was typed is not that of the user. Nobody was deleted.", "输入的 ID 与用户 ID 不一致，没有删除任何用户。";
    done_user_deleted: "The user was deleted.", "用户已删除。";
    first_page: "First page", "第一页";
    next_page: "Next page", "下一页";

    // Documents.
    documents: "Documents", "文档";
    document_name: "Name", "名称";
    document_search: "Names that begin with", "名称开头";
    owner: "Owner", "所有者";
    no_documents: "No document matches.", "没有匹配的文档。";
    pages: "Pages", "页数";
    size: "Size", "大小";
    uploaded: "Uploaded", "上传时间";
    visible_to: "Visible to", "可见范围";
    to_owner: "Its owner", "仅所有者";
    to_all: "Everybody of the enterprise", "企业内所有人";
    document_as_is: "Not converted", "未转换";
    document_waits: "Waits for conversion", "等待转换";
    document_converting: "Being converted", "转换中";
    document_ready: "Ready", "已就绪";
    document_failed: "Conversion failed", "转换失败";
    original: "Original", "原文件";
    converted: "Converted document", "转换后的文档";
    convert_again: "Convert again", "重新转换";
    done_convert: "The document is converted again.", "文档将重新转换。";
    delete_document: "Delete the document", "删除文档";
    delete_document_text: "Its files are deleted, and classes no longer show it.", "其文件会被删除，课堂内也不再显示。";
    done_document_deleted: "The document was deleted.", "文档已删除。";
    no_recordings: "There are no recordings.", "没有录制。";
    play: "Play", "播放";
    length: "Length", "时长";
    compose_again: "Make the video again", "重新合成视频";

    // Usage.
    usage: "Usage", "用量";
    usage_text: "By day, in UTC. It is counted every hour; the last two days may still change.", "按天统计（世界时），每小时更新一次，最近两天的数据可能还会变化。";
    usage_counted: "Counted last:", "最近统计：";
    usage_empty: "Nothing was counted yet. The first count follows within some minutes.", "尚未统计，首次统计将在几分钟内完成。";
    last_30_days: "30 days", "30 天";
    last_90_days: "90 days", "90 天";
    last_365_days: "365 days", "365 天";
    day: "Day", "日期";
    by_day: "By day", "按天明细";
    at_most: "At most", "最高";
    chart_text: "The table below has the numbers.", "具体数值见下方表格。";
    classes_held: "Classes held", "开课数";
    people_inside: "People in classes", "上课人数";
    minutes_inside: "Minutes in classes", "上课总分钟数";
    stored: "Stored files", "文件存储";
    callbacks_delivered: "Callbacks delivered", "回调已送达";
    callbacks_dead: "Callbacks given up", "回调已放弃";

    // Trying out calls.
    calls: "API playground", "接口调试";
    calls_text: "A call is signed here, with a key that stays here, and answered like one of your back end. What it changes is changed.",
        "请求在服务端签名，密钥不会离开服务；应答与您的后端调用完全相同，所做的更改会真实生效。";
    call: "Call", "接口";
    choose: "Choose", "选择";
    call_body: "Body (JSON)", "请求体（JSON）";
    send: "Send", "发送";
    call_confirm: "It deletes something: yes, send it", "此接口会删除数据，确认发送";
    call_not_confirmed: "The call deletes something. It was not sent, because the box is not ticked.", "此接口会删除数据，未勾选确认，没有发送。";
    call_valid: "The signature is valid for five minutes.", "签名在五分钟内有效。";
    curl: "The same with curl", "对应的 curl 命令";
    fields: "Fields", "字段";
    field: "Field", "字段";
    kind: "Type", "类型";
    required: "Required", "必填";
    meaning: "Meaning", "说明";
    yes: "Yes", "是";
    no_fields: "It takes no fields.", "没有字段。";

    // The audit log.
    audit: "Audit log", "审计日志";
    who: "Who", "操作人";
    how: "How", "途径";
    from_where: "Address", "地址";
    what: "What", "操作";
    target: "To what", "对象";
    details: "Details", "详情";
    export: "Download as CSV", "下载 CSV";
    no_entries: "No entry matches.", "没有匹配的记录。";

    // Settings and keys.
    settings: "Settings", "设置";
    done_saved: "The settings are saved.", "设置已保存。";
    save: "Save", "保存";
    callbacks: "Callbacks", "回调";
    callback_ordered: "The events of a class arrive in order", "同一课堂的事件按顺序到达";
    callback_on_api: "A signed call that begins or ends a class causes an event too", "通过签名接口开始或结束课堂也产生事件";
    event_join: "An event when somebody joins a class", "有人进入课堂时产生事件";
    event_quit: "An event when somebody leaves a class", "有人离开课堂时产生事件";
    protocols_text: "iClass always answers. A protocol that is off answers as if the enterprise did not exist.",
        "iClass 始终可用。未启用的协议会表现为企业不存在。";
    keys: "Keys", "密钥";
    keys_text: "A key is shown once, when it is made. The old one stays valid for a day, except where it says otherwise.",
        "密钥仅在生成时显示一次。除非另有说明，旧密钥在一天内仍然有效。";
    key_of_calls: "Signs the calls of the back end", "用于后端接口签名";
    key_of_webhooks: "Signs callbacks with Standard Webhooks", "用于 Standard Webhooks 回调签名";
    key_of_callbacks: "Signs callbacks in place of the tic_key; replaced at once", "代替 tic_key 用于回调签名；立即生效";
    key_not_set: "Not set: the tic_key signs callbacks", "未设置：回调使用 tic_key 签名";
    key_set: "Set", "已设置";
    old_until: "The old one is valid until", "旧密钥有效期至";
    rotate: "Replace", "更换";
    new_key: "The new key", "新密钥";
    new_key_grace: "It is shown only now. The old one stays valid for a day: change your programs until then.",
        "仅此时显示。旧密钥在一天内仍然有效，请在此之前更新您的程序。";
    new_key_at_once: "It is shown only now. The next callback is signed with it: change your receiver at once.",
        "仅此时显示。下一次回调即使用新密钥签名，请立即更新接收方。";
    next: "Continue", "继续";
    valid_until: "Valid until", "有效期至";
    delete: "Delete", "删除";
    delete_title: "Delete this enterprise", "删除该企业";
    delete_text: "Its users, classes, documents, recordings and events are deleted. That can't be undone. Type {} to confirm.",
        "其用户、课堂、文档、录制和事件都会被删除，且无法恢复。请输入 {} 以确认。";
    delete_not_typed: "The name that was typed is not that of the enterprise. Nothing was deleted.", "输入的名称与企业名称不一致，没有删除任何内容。";
    done_deleted: "The enterprise was deleted.", "企业已删除。";
    new_enterprise: "New enterprise", "新建企业";
    create: "Create", "创建";
    sdkappid_hint: "Empty for the next free number", "留空则使用下一个可用编号";
    enterprise_created: "The enterprise was created", "企业已创建";
    keys_once: "The keys are shown only now. Keep them where your programs find them.", "密钥仅此时显示，请妥善保存。";
}
