PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE __diesel_schema_migrations (
       version VARCHAR(50) PRIMARY KEY NOT NULL,
       run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP
);
INSERT INTO __diesel_schema_migrations VALUES('20261121000000','2026-11-29 08:49:09');
INSERT INTO __diesel_schema_migrations VALUES('20261121010000','2026-11-29 08:49:09');
INSERT INTO __diesel_schema_migrations VALUES('20261121020000','2026-11-29 08:49:09');
INSERT INTO __diesel_schema_migrations VALUES('20261121030000','2026-11-29 08:49:09');
INSERT INTO __diesel_schema_migrations VALUES('20261121040000','2026-11-29 08:49:09');
INSERT INTO __diesel_schema_migrations VALUES('20261121050000','2026-11-29 08:49:09');
INSERT INTO __diesel_schema_migrations VALUES('20261121060000','2026-11-29 08:49:09');
INSERT INTO __diesel_schema_migrations VALUES('20261121065000','2026-11-29 08:49:09');
INSERT INTO __diesel_schema_migrations VALUES('20261121070000','2026-11-29 08:49:09');
INSERT INTO __diesel_schema_migrations VALUES('20261121080000','2026-11-29 08:49:09');
INSERT INTO __diesel_schema_migrations VALUES('20261121090000','2026-11-29 08:49:09');
INSERT INTO __diesel_schema_migrations VALUES('20261121100000','2026-11-29 08:49:09');
INSERT INTO __diesel_schema_migrations VALUES('20261121110000','2026-11-29 08:49:09');
INSERT INTO __diesel_schema_migrations VALUES('20261128000000','2026-11-29 08:49:09');
CREATE TABLE enterprises (
    enterprise_id INTEGER PRIMARY KEY AUTOINCREMENT,
    sdkappid BIGINT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    busi_type TEXT NOT NULL,
    contact_user TEXT NOT NULL,
    phone_no TEXT NOT NULL,
    e_mail TEXT NOT NULL,
    super_admin TEXT NOT NULL,
    icon TEXT NOT NULL,
    tic_key TEXT NOT NULL,
    old_tic_key TEXT,
    old_tic_key_until BIGINT,
    private_key TEXT NOT NULL,
    bizid BIGINT NOT NULL,
    appid BIGINT NOT NULL,
    project_id BIGINT NOT NULL,
    secret_id TEXT NOT NULL,
    secret_key TEXT NOT NULL,
    call_back_url TEXT NOT NULL,
    callback_ordered BOOLEAN NOT NULL,
    callback_on_api BOOLEAN NOT NULL,
    callback_paused BOOLEAN NOT NULL,
    callback_events TEXT NOT NULL,
    webhook_secret TEXT NOT NULL,
    old_webhook_secret TEXT,
    old_webhook_secret_until BIGINT,
    strict_schedule BOOLEAN NOT NULL,
    create_time BIGINT NOT NULL,
    valid_seconds BIGINT NOT NULL
, transcode_callback TEXT NOT NULL DEFAULT '', room_settings TEXT NOT NULL DEFAULT '{}', chat_master_key TEXT NOT NULL DEFAULT '', chat_app_id TEXT NOT NULL DEFAULT '', im_open BOOLEAN NOT NULL DEFAULT FALSE);
INSERT INTO enterprises VALUES(10001,1400000001,'学校 One','saas','Wang Wei','192321213','wang@example.com','root','https://files.example.com/logo.png','uh5ln0j9pq6dmgkkt8to3k3w49rtzavt','ks89nvnrbztky1d4vv16a6akbvaih4wn',1700086460000,'2da768e992fd67831608bb2465d4703cd548435b4a21f518eb3be2ccfeb188fb',8525,1251659802,7,'AKIDexample','cloud secret','http://127.0.0.1:45585/events',0,1,1,'["join_class","quit_class"]','whsec_uXFYl/1PcaGdzpADLA0Xzb1dmtMl3php','whsec_KKB6vEqDIZQODMlLQv1lPYA5JnKOUqgV',1700086460000,1,1700000000000,1576800000,'https://events.example.com/transcode','{"cos_bucket":"lessons","cos_region":"sh","recording_key":"recorder","open_registration":true}','masterkey','lean',1);
INSERT INTO enterprises VALUES(10002,1400000002,'Two','saas','','','','','','xtv2bkq5c1samh8azjytzaq55jl5uh18',NULL,NULL,'9d60c22d4efa6eac0fe6ef1af24e998f914786fad93a9565cb720bc3057213bd',0,0,0,'','','',1,0,0,'[]','whsec_Rl584ryagHaTWy9uoVWX3W+e1r/eugC7',NULL,NULL,0,1700000060000,1576800000,'','{}','','',0);
INSERT INTO enterprises VALUES(10003,1400000003,'Three','saas','','','','','','0123456789abcdef',NULL,NULL,'57de18f820149c2e13cab6f898e8ca1fb2178014640f13fdbcb38e02e9dd9482',0,0,0,'','','',1,0,0,'[]','whsec_LwU5FNVhmWlABI1PSjp7A0s5htg1bsmk',NULL,NULL,0,1700000060000,1576800000,'','{"cos_bucket":"","cos_region":"","recording_key":"","open_registration":false}','','',0);
CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    role TEXT NOT NULL,
    nickname TEXT NOT NULL,
    gender TEXT NOT NULL,
    avatar TEXT NOT NULL,
    phone_no TEXT NOT NULL,
    e_mail TEXT NOT NULL,
    token_hash TEXT NOT NULL,
    password_hash TEXT,
    regist_time BIGINT NOT NULL,
    update_time BIGINT NOT NULL, description TEXT NOT NULL DEFAULT '',
    UNIQUE (enterprise_id, user_id)
);
INSERT INTO users VALUES(1,10001,'pupil','student','Zoë 张 "quoted" \ '' 🎓','male','','','','557367c1123e7efd8159ccfe624bf56bd19c5768e88b573fc75c37b88eb1ce9d','$argon2id$v=19$m=19456,t=2,p=1$wHprXcqcUiu9epGsZmISgg$nCT7ajfGfUN1vXLCQppS74VJUzUphhoM41ZzhX35zBI',1700000000000,1700000000000,'');
INSERT INTO users VALUES(2,10001,'teacher_1','teacher','teacher_1','male','','','','23e3d5ffa5265d8f8ec60433d47ab63f17f66654c35e172338327347d259043d',NULL,1700000000000,1700000000000,'');
INSERT INTO users VALUES(3,10001,'other','student','other','male','','','','68f300dd14665a066818c25d81c90d80f22820a3b284a4a572b93b5622c50f3e',NULL,1700000000000,1700000000000,'');
INSERT INTO users VALUES(4,10001,'comer','student','comer','male','','','','c995b8077e6dc405e20d1f2ddea9f26973dffb3402a0ae4aac384f9bb078334f',NULL,1700000000000,1700000000000,'');
INSERT INTO users VALUES(5,10001,'lead','teacher','lead','male','','','','05c5302a0819885cc1fbbb9cb4169d7e607fe266d5c4f075fed59d9f279a71ba',NULL,1700000000000,1700000000000,'');
INSERT INTO users VALUES(6,10001,'t1','teacher','t1','male','','','','905c91654471eafb26f56d4d5502e0d81f95ac4d0eb480db133c8326c1258c14','$argon2id$v=19$m=19456,t=2,p=1$VbyQFVPHAHcz9oS1KcnKBw$DExqAcC7gNBT+Em/rdHcsM6T+A8eglxDME6XfO1ttvI',1700000060000,1700000060000,'');
INSERT INTO users VALUES(7,10001,'s1','student','s1','male','','','','ed5b1b725c2d743dc6f47bdb3c9dd280aef60279a5b24d0df3dfb4b6eb15feab','$argon2id$v=19$m=19456,t=2,p=1$JD+34BkeaYHgvVYAhH14LQ$/SkpdNIVvcBx8Y5v/NEEpDEDuLP1GJtMqkxHa0cTUj0',1700000060000,1700000060000,'');
INSERT INTO users VALUES(9,10001,'8','teacher','192321213','male','','192321213','','24f2d74175c510e0ca578c4592ce2161761ee45b51695e5756ab4af632486735',NULL,1700000060000,1700000060000,'');
INSERT INTO users VALUES(11,10001,'10','teacher','teacher 13000000001','male','','13000000001','','2c52afacc2f0eab61be7f009d8b7d6492e11384ecafc6f846df5bf8e43f56cc7',NULL,1700000060000,1700000060000,'');
INSERT INTO users VALUES(13,10001,'12','student','student 13000000002','male','','13000000002','','2e9257a3d8b916c0d6f94710a6cd617066f51954ef003aba9e20cdccf19c5ef8',NULL,1700000060000,1700000060000,'');
INSERT INTO users VALUES(14,10002,'pupil','student','pupil','male','','','','312cafbc54604df970c727ad1ddf0329a41cc51e7beaa7c5b47e325587ea9eb5',NULL,1700000060000,1700000060000,'');
CREATE TABLE classes (
    class_id INTEGER PRIMARY KEY AUTOINCREMENT CHECK (class_id BETWEEN 100000001 AND 999999999),
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    class_topic TEXT NOT NULL,
    class_type TEXT NOT NULL,
    class_status TEXT NOT NULL,
    class_live_type TEXT NOT NULL,
    teacher_id TEXT NOT NULL,
    assistant_id TEXT NOT NULL,
    create_time BIGINT NOT NULL,
    start_time BIGINT NOT NULL,
    stop_time BIGINT NOT NULL,
    real_start_time BIGINT NOT NULL,
    real_stop_time BIGINT NOT NULL,
    admin_id TEXT NOT NULL,
    admin_sig TEXT NOT NULL,
    max_member_limit BIGINT NOT NULL,
    max_member_num BIGINT NOT NULL,
    password_hash TEXT,
    settings TEXT NOT NULL,
    record_user_id TEXT NOT NULL,
    record_user_sig TEXT NOT NULL,
    last_sequence BIGINT NOT NULL
, end_reason TEXT, course_id BIGINT REFERENCES courses ON DELETE SET NULL, silence_limit BIGINT NOT NULL DEFAULT 0, teacher_seen BIGINT NOT NULL DEFAULT 0, cover TEXT NOT NULL DEFAULT '', replay_url TEXT NOT NULL DEFAULT '', replay_time BIGINT NOT NULL DEFAULT 0, begin_sequence BIGINT NOT NULL DEFAULT 0, end_sequence BIGINT NOT NULL DEFAULT 0, active_time BIGINT GENERATED ALWAYS AS (max(create_time, real_start_time)) VIRTUAL, room_state BIGINT GENERATED ALWAYS AS (
    CASE WHEN class_status = 'will' THEN 0 WHEN class_status = 'ing' THEN 1 WHEN replay_url = '' THEN 2 ELSE 3 END
) VIRTUAL);
INSERT INTO classes VALUES(100000001,10001,'Over','public','end','close','teacher_1','',1700000000000,1700000000000,1700003600000,1700000000000,1700000060000,'','',0,0,NULL,'{"record_types":["local"],"resolution":"1024x768","fps":15,"layout":0,"auto_create_im":1,"bitrate":850,"auto_open_mic":0,"auto_open_camera":0,"enable_all_silence":0}','','',8,'stopped',NULL,0,0,'','',0,0,0);
INSERT INTO classes VALUES(100000002,10001,'Going on 课','public','ing','close','lead','',1700000000000,1700000000000,2700000000000,1700000000000,0,'','',0,0,'qmfhfqd93jn2xafy$90beba13ca6a86331ee7d834fcff584b82b54cff8ae2150d19b653045503241c','{"record_types":["local"],"resolution":"1280x720","fps":10,"layout":0,"auto_create_im":1,"bitrate":850,"auto_open_mic":0,"auto_open_camera":0,"enable_all_silence":0}','','',5,NULL,NULL,0,0,'','',0,0,0);
INSERT INTO classes VALUES(100000003,10001,'To come','public','will','close','teacher_1','',1700000060000,1700007200000,2700000000000,0,0,'','',0,0,NULL,'{"record_types":["local"],"resolution":"1024x768","fps":15,"layout":0,"auto_create_im":1,"bitrate":850,"auto_open_mic":0,"auto_open_camera":0,"enable_all_silence":0}','','',0,NULL,NULL,0,0,'','',0,0,0);
INSERT INTO classes VALUES(100000004,10001,'100000004','public','will','close','teacher_1','',1700000060000,1700000060000,1700007260000,0,0,'','',0,0,NULL,'{"record_types":["local"],"resolution":"1024x768","fps":15,"layout":0,"auto_create_im":1,"bitrate":850,"auto_open_mic":0,"auto_open_camera":0,"enable_all_silence":0}','','',0,NULL,NULL,0,0,'','',0,0,0);
INSERT INTO classes VALUES(100000005,10001,'Fractions','public','ing','close','t1','',1700000060000,1700000060000,253402300799000,1700000060000,0,'','',0,0,NULL,'{"record_types":["local"],"resolution":"1024x768","fps":15,"layout":0,"auto_create_im":1,"bitrate":850,"auto_open_mic":0,"auto_open_camera":0,"enable_all_silence":0}','','',3,NULL,NULL,300000,0,'','',0,2,0);
INSERT INTO classes VALUES(100000006,10001,'王维诗词鉴赏','1vN','will','close','10','',1700000060000,1709514000000,1709516700000,0,0,'','',8,0,NULL,'{"record_types":["local"],"resolution":"1280x720","fps":15,"layout":0,"auto_create_im":1,"bitrate":850,"auto_open_mic":0,"auto_open_camera":0,"enable_all_silence":0}','','',0,NULL,1,0,0,'','',0,0,0);
INSERT INTO classes VALUES(100000007,10001,'王维诗词鉴赏','1vN','will','close','10','',1700000060000,1709686800000,1709689500000,0,0,'','',8,0,NULL,'{"record_types":["local"],"resolution":"1280x720","fps":15,"layout":0,"auto_create_im":1,"bitrate":850,"auto_open_mic":0,"auto_open_camera":0,"enable_all_silence":0}','','',0,NULL,1,0,0,'','',0,0,0);
INSERT INTO classes VALUES(100000008,10001,'王维诗词鉴赏','1vN','will','close','10','',1700000060000,1710118800000,1710121500000,0,0,'','',8,0,NULL,'{"record_types":["local"],"resolution":"1280x720","fps":15,"layout":0,"auto_create_im":1,"bitrate":850,"auto_open_mic":0,"auto_open_camera":0,"enable_all_silence":0}','','',0,NULL,1,0,0,'','',0,0,0);
INSERT INTO classes VALUES(100000009,10001,'王维诗词鉴赏','1vN','will','close','10','',1700000060000,1710291600000,1710294300000,0,0,'','',8,0,NULL,'{"record_types":["local"],"resolution":"1280x720","fps":15,"layout":0,"auto_create_im":1,"bitrate":850,"auto_open_mic":0,"auto_open_camera":0,"enable_all_silence":0}','','',0,NULL,1,0,0,'','',0,0,0);
INSERT INTO classes VALUES(100000010,10002,'Theirs','public','will','close','teacher_1','',1700000060000,1700000060000,1700007260000,0,0,'','',0,0,NULL,'{"record_types":["local"],"resolution":"1024x768","fps":15,"layout":0,"auto_create_im":1,"bitrate":850,"auto_open_mic":0,"auto_open_camera":0,"enable_all_silence":0}','','',0,NULL,NULL,0,0,'','',0,0,0);
CREATE TABLE members (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    role TEXT NOT NULL,
    UNIQUE (class_id, user_id)
);
INSERT INTO members VALUES(1,10001,100000001,'teacher_1','teacher');
INSERT INTO members VALUES(2,10001,100000001,'pupil','student');
INSERT INTO members VALUES(3,10001,100000001,'other','student');
INSERT INTO members VALUES(4,10001,100000002,'lead','teacher');
INSERT INTO members VALUES(5,10001,100000002,'pupil','student');
INSERT INTO members VALUES(6,10001,100000002,'other','student');
INSERT INTO members VALUES(7,10001,100000003,'teacher_1','teacher');
INSERT INTO members VALUES(8,10001,100000003,'pupil','student');
INSERT INTO members VALUES(9,10001,100000003,'other','student');
INSERT INTO members VALUES(10,10001,100000004,'teacher_1','teacher');
INSERT INTO members VALUES(11,10001,100000005,'t1','teacher');
INSERT INTO members VALUES(12,10001,100000006,'10','teacher');
INSERT INTO members VALUES(13,10001,100000006,'12','student');
INSERT INTO members VALUES(14,10001,100000007,'10','teacher');
INSERT INTO members VALUES(15,10001,100000007,'12','student');
INSERT INTO members VALUES(16,10001,100000008,'10','teacher');
INSERT INTO members VALUES(17,10001,100000008,'12','student');
INSERT INTO members VALUES(18,10001,100000009,'10','teacher');
INSERT INTO members VALUES(19,10001,100000009,'12','student');
INSERT INTO members VALUES(20,10002,100000010,'teacher_1','teacher');
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    role TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    enter_time BIGINT NOT NULL,
    last_seen BIGINT NOT NULL,
    quit_time BIGINT,
    quit_reason TEXT,
    camera BIGINT NOT NULL,
    mic BIGINT NOT NULL,
    speaker BIGINT NOT NULL,
    silence BIGINT NOT NULL,
    hand_up BIGINT NOT NULL, token_hash TEXT, lease_until BIGINT, enable_draw BIGINT NOT NULL DEFAULT 0, screen BIGINT NOT NULL DEFAULT 0,
    UNIQUE (class_id, user_id, ordinal)
);
INSERT INTO sessions VALUES(1,10001,100000001,'pupil','student',1,1700000000000,1700000000000,1700000060000,'quit',0,0,0,0,0,NULL,NULL,0,0);
INSERT INTO sessions VALUES(2,10001,100000001,'teacher_1','teacher',1,1700000000000,1700000000000,1700000060000,'class_ended',0,0,0,0,0,NULL,NULL,0,0);
INSERT INTO sessions VALUES(3,10001,100000001,'other','student',1,1700000000000,1700000000000,1700000060000,'class_ended',0,0,0,0,0,NULL,NULL,0,0);
INSERT INTO sessions VALUES(4,10001,100000002,'comer','student',1,1700000000000,1700000000000,NULL,NULL,0,0,0,0,1,'60137b00cbc4ccde290347d2df3df47c17d0433757a352cceb64fb6099352803',1700000090000,0,0);
INSERT INTO sessions VALUES(5,10001,100000002,'lead','teacher',1,1700000000000,1700000000000,NULL,NULL,0,0,0,0,0,'2e17f16d870dd5448f7164337587f896276d33e1fe7d255f28291b5b9be4e1f3',1700000090000,0,0);
INSERT INTO sessions VALUES(6,10001,100000005,'t1','teacher',1,1700000060000,1700000060000,NULL,NULL,0,0,0,0,0,'ee804ed08d0ae99d36e6b7c341c1f363235470f97825eb3c308d2badf8640454',1700000180000,0,0);
INSERT INTO sessions VALUES(7,10001,100000005,'s1','student',1,1700000060000,1700000060000,NULL,NULL,0,0,0,0,0,'b4ec83ce918808ad59063a796f99d68fedc7349d07626ff2acdc329bacf71621',1700000180000,0,0);
INSERT INTO sessions VALUES(8,10001,100000002,'other','student',1,1700000060000,1700000060000,NULL,NULL,0,0,0,0,0,NULL,NULL,0,0);
CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    doc_id TEXT NOT NULL UNIQUE,
    doc_url TEXT NOT NULL,
    doc_name TEXT NOT NULL,
    doc_ext TEXT NOT NULL,
    doc_size BIGINT NOT NULL,
    doc_md5 TEXT NOT NULL,
    permission TEXT NOT NULL,
    owner TEXT NOT NULL,
    upload_time BIGINT NOT NULL,
    is_transcode BOOLEAN NOT NULL,
    transcode_status TEXT NOT NULL,
    transcode_code BIGINT NOT NULL,
    transcode_msg TEXT NOT NULL,
    transcode_result TEXT NOT NULL
, file_key TEXT, result_key TEXT, pages BIGINT NOT NULL DEFAULT 0, width BIGINT NOT NULL DEFAULT 0, height BIGINT NOT NULL DEFAULT 0, media BIGINT);
INSERT INTO documents VALUES(1,10001,'40z0zpcqhse0f3uf','http://127.0.0.1:40633/events/lesson.pptx','lesson','',0,'','public','',1700000000000,1,'finished',0,'','/files/a6e117893c0bc8ee6f52e1ec1adb13a81/index.html',NULL,'a6e117893c0bc8ee6f52e1ec1adb13a81',3,1280,720,NULL);
INSERT INTO documents VALUES(2,10001,'dwf3mdz7wtdmrgl8','http://127.0.0.1:40633/events/damaged.pptx','damaged','',0,'','public','',1700000000000,1,'finished',10250,'the document is damaged; save it anew','',NULL,NULL,0,0,0,NULL);
INSERT INTO documents VALUES(3,10001,'gbfqqpwm75d8v7jt','https://files.example.com/a.pptx','','',0,'','public','teacher_1',1700000060000,0,'',0,'','',NULL,NULL,0,0,0,NULL);
INSERT INTO documents VALUES(4,10001,'0oda805t4f9qyi96','http://files.example.com/1','第一课','pptx',0,'','private','t1',1700000060000,0,'',0,'','',NULL,NULL,0,0,0,0);
INSERT INTO documents VALUES(5,10001,'gfvibpojum7pnhya','http://files.example.com/2','film','mp4',0,'','private','t1',1700000060000,0,'',0,'','',NULL,NULL,0,0,0,1);
CREATE TABLE idempotency_keys (
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    idempotency_key TEXT NOT NULL,
    body_hash TEXT NOT NULL,
    class_id BIGINT NOT NULL,
    create_time BIGINT NOT NULL,
    PRIMARY KEY (enterprise_id, idempotency_key)
);
INSERT INTO idempotency_keys VALUES(10001,'once','dc2608cfe73ab0ca2fb1fe1e2f3dfdfb656b28001e8de2238184dd010e0a2368',100000004,1700000060000);
CREATE TABLE events (
    event_id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    class_id BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    fact TEXT NOT NULL,
    create_time BIGINT NOT NULL
);
INSERT INTO events VALUES(1,10001,0,0,'{"kind":"transcoded","task_id":"5aslscki4ohe8wyntq0z","service":"document","doc_id":"40z0zpcqhse0f3uf","state":"queued","progress":0,"code":0,"message":"","result":"","pages":0,"width":0,"height":0,"title":"lesson","time":1700000000000}',1700000000000);
INSERT INTO events VALUES(2,10001,0,0,'{"kind":"transcoded","task_id":"owj59zcvxhrlcxmiqoso","service":"document","doc_id":"dwf3mdz7wtdmrgl8","state":"queued","progress":0,"code":0,"message":"","result":"","pages":0,"width":0,"height":0,"title":"damaged","time":1700000000000}',1700000000000);
INSERT INTO events VALUES(3,10001,0,0,'{"kind":"transcoded","task_id":"5aslscki4ohe8wyntq0z","service":"document","doc_id":"40z0zpcqhse0f3uf","state":"processing","progress":0,"code":0,"message":"","result":"","pages":0,"width":0,"height":0,"title":"lesson","time":1700000000000}',1700000000000);
INSERT INTO events VALUES(4,10001,0,0,'{"kind":"transcoded","task_id":"5aslscki4ohe8wyntq0z","service":"document","doc_id":"40z0zpcqhse0f3uf","state":"processing","progress":50,"code":0,"message":"","result":"","pages":0,"width":0,"height":0,"title":"lesson","time":1700000000000}',1700000000000);
INSERT INTO events VALUES(5,10001,0,0,'{"kind":"transcoded","task_id":"5aslscki4ohe8wyntq0z","service":"document","doc_id":"40z0zpcqhse0f3uf","state":"finished","progress":100,"code":0,"message":"","result":"/files/a6e117893c0bc8ee6f52e1ec1adb13a81/index.html","pages":3,"width":1280,"height":720,"title":"lesson''s title","time":1700000000000}',1700000000000);
INSERT INTO events VALUES(6,10001,0,0,'{"kind":"transcoded","task_id":"owj59zcvxhrlcxmiqoso","service":"document","doc_id":"dwf3mdz7wtdmrgl8","state":"processing","progress":0,"code":0,"message":"","result":"","pages":0,"width":0,"height":0,"title":"damaged","time":1700000000000}',1700000000000);
INSERT INTO events VALUES(7,10001,0,0,'{"kind":"transcoded","task_id":"owj59zcvxhrlcxmiqoso","service":"document","doc_id":"dwf3mdz7wtdmrgl8","state":"processing","progress":10,"code":0,"message":"","result":"","pages":0,"width":0,"height":0,"title":"damaged","time":1700000000000}',1700000000000);
INSERT INTO events VALUES(8,10001,0,0,'{"kind":"transcoded","task_id":"owj59zcvxhrlcxmiqoso","service":"document","doc_id":"dwf3mdz7wtdmrgl8","state":"finished","progress":10,"code":10250,"message":"the document is damaged; save it anew","result":"","pages":0,"width":0,"height":0,"title":"damaged","time":1700000000000}',1700000000000);
INSERT INTO events VALUES(9,10001,0,0,'{"kind":"transcoded","task_id":"64ujt3taxu228vy9cjzs","service":"transcode","doc_id":null,"state":"queued","progress":0,"code":0,"message":"","result":"","pages":0,"width":0,"height":0,"title":"deck","time":1700000000000}',1700000000000);
INSERT INTO events VALUES(10,10001,0,0,'{"kind":"transcoded","task_id":"64ujt3taxu228vy9cjzs","service":"transcode","doc_id":null,"state":"processing","progress":0,"code":0,"message":"","result":"","pages":0,"width":0,"height":0,"title":"deck","time":1700000000000}',1700000000000);
INSERT INTO events VALUES(11,10001,0,0,'{"kind":"transcoded","task_id":"64ujt3taxu228vy9cjzs","service":"transcode","doc_id":null,"state":"processing","progress":50,"code":0,"message":"","result":"","pages":0,"width":0,"height":0,"title":"deck","time":1700000000000}',1700000000000);
INSERT INTO events VALUES(12,10001,0,0,'{"kind":"transcoded","task_id":"64ujt3taxu228vy9cjzs","service":"transcode","doc_id":null,"state":"finished","progress":100,"code":0,"message":"","result":"/files/a1115d647a89c26101d2b1a337af22472/index.html","pages":3,"width":1280,"height":720,"title":"deck''s title","time":1700000000000}',1700000000000);
INSERT INTO events VALUES(13,10001,100000001,1,'{"kind":"class_began","time":1700000000000}',1700000000000);
INSERT INTO events VALUES(14,10001,100000001,2,'{"kind":"joined","user_id":"pupil","role":"student","time":1700000000000}',1700000000000);
INSERT INTO events VALUES(15,10001,100000001,3,'{"kind":"joined","user_id":"teacher_1","role":"teacher","time":1700000000000}',1700000000000);
INSERT INTO events VALUES(16,10001,100000001,4,'{"kind":"joined","user_id":"other","role":"student","time":1700000000000}',1700000000000);
INSERT INTO events VALUES(17,10001,100000002,1,'{"kind":"joined","user_id":"comer","role":"student","time":1700000000000}',1700000000000);
INSERT INTO events VALUES(18,10001,100000002,2,'{"kind":"joined","user_id":"lead","role":"teacher","time":1700000000000}',1700000000000);
INSERT INTO events VALUES(19,10001,100000002,3,'{"kind":"class_began","time":1700000000000}',1700000000000);
INSERT INTO events VALUES(20,10001,100000001,5,'{"kind":"left","user_id":"pupil","role":"student","time":1700000060000}',1700000060000);
INSERT INTO events VALUES(21,10001,100000001,6,'{"kind":"left","user_id":"teacher_1","role":"teacher","time":1700000060000}',1700000060000);
INSERT INTO events VALUES(22,10001,100000001,7,'{"kind":"left","user_id":"other","role":"student","time":1700000060000}',1700000060000);
INSERT INTO events VALUES(23,10001,100000001,8,'{"kind":"class_ended","time":1700000060000}',1700000060000);
INSERT INTO events VALUES(24,10001,100000005,1,'{"kind":"joined","user_id":"t1","role":"teacher","time":1700000060000}',1700000060000);
INSERT INTO events VALUES(25,10001,100000005,2,'{"kind":"class_began","time":1700000060000}',1700000060000);
INSERT INTO events VALUES(26,10001,100000005,3,'{"kind":"joined","user_id":"s1","role":"student","time":1700000060000}',1700000060000);
INSERT INTO events VALUES(27,10001,0,0,'{"kind":"course_created","course":{"course_id":1,"organization_id":1,"creator_id":"8","title":"王维诗词鉴赏","poster":"","description":"","max_podium_user":8,"clarity":"HD","create_time":1700000060000}}',1700000060000);
INSERT INTO events VALUES(28,10001,0,0,'{"kind":"test","time":1700000060000}',1700000060000);
INSERT INTO events VALUES(29,10001,100000002,4,'{"kind":"joined","user_id":"other","role":"student","time":1700000060000}',1700000060000);
CREATE TABLE deliveries (
    delivery_id INTEGER PRIMARY KEY AUTOINCREMENT,
    event_id BIGINT NOT NULL REFERENCES events ON DELETE CASCADE,
    enterprise_id BIGINT NOT NULL,
    lane TEXT NOT NULL,
    state TEXT NOT NULL,
    due BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    replayed_at BIGINT NOT NULL,
    lease_token TEXT,
    lease_until BIGINT,
    settled_time BIGINT
, organization_id BIGINT NOT NULL DEFAULT 0);
INSERT INTO deliveries VALUES(1,1,10001,'','delivered',1700000000000,1,0,NULL,1700000001400,1700000000000,0);
INSERT INTO deliveries VALUES(2,2,10001,'','delivered',1700000000000,1,0,NULL,1700000001400,1700000000000,0);
INSERT INTO deliveries VALUES(3,3,10001,'','delivered',1700000000000,1,0,NULL,1700000001400,1700000000000,0);
INSERT INTO deliveries VALUES(4,4,10001,'','delivered',1700000000000,1,0,NULL,1700000001400,1700000000000,0);
INSERT INTO deliveries VALUES(5,5,10001,'','delivered',1700000000000,1,0,NULL,1700000001400,1700000000000,0);
INSERT INTO deliveries VALUES(6,6,10001,'','delivered',1700000000000,1,0,NULL,1700000001400,1700000000000,0);
INSERT INTO deliveries VALUES(7,7,10001,'','delivered',1700000000000,1,0,NULL,1700000001400,1700000000000,0);
INSERT INTO deliveries VALUES(8,8,10001,'','delivered',1700000000000,1,0,NULL,1700000001400,1700000000000,0);
INSERT INTO deliveries VALUES(9,9,10001,'','delivered',1700000000000,1,0,NULL,1700000001400,1700000000000,0);
INSERT INTO deliveries VALUES(10,10,10001,'','delivered',1700000000000,1,0,NULL,1700000001400,1700000000000,0);
INSERT INTO deliveries VALUES(11,11,10001,'','delivered',1700000000000,1,0,NULL,1700000001400,1700000000000,0);
INSERT INTO deliveries VALUES(12,12,10001,'','delivered',1700000000000,1,0,NULL,1700000001400,1700000000000,0);
INSERT INTO deliveries VALUES(13,13,10001,'','delivered',1700000000000,1,0,NULL,1700000001400,1700000000000,0);
INSERT INTO deliveries VALUES(14,14,10001,'','delivered',1700000000000,1,0,NULL,1700000001400,1700000000000,0);
INSERT INTO deliveries VALUES(15,15,10001,'','delivered',1700000000000,1,0,NULL,1700000001400,1700000000000,0);
INSERT INTO deliveries VALUES(16,16,10001,'','delivered',1700000000000,1,0,NULL,1700000001400,1700000000000,0);
INSERT INTO deliveries VALUES(17,17,10001,'','delivered',1700000000000,1,0,NULL,1700000001400,1700000000000,0);
INSERT INTO deliveries VALUES(18,18,10001,'','delivered',1700000000000,1,0,NULL,1700000001400,1700000000000,0);
INSERT INTO deliveries VALUES(19,19,10001,'','delivered',1700000000000,1,0,NULL,1700000001400,1700000000000,0);
INSERT INTO deliveries VALUES(20,20,10001,'','delivered',1700000060000,1,0,NULL,1700000061400,1700000060000,0);
INSERT INTO deliveries VALUES(21,21,10001,'','delivered',1700000060000,1,0,NULL,1700000061400,1700000060000,0);
INSERT INTO deliveries VALUES(22,22,10001,'','delivered',1700000060000,1,0,NULL,1700000061400,1700000060000,0);
INSERT INTO deliveries VALUES(23,23,10001,'','delivered',1700000060000,1,0,NULL,1700000061400,1700000060000,0);
INSERT INTO deliveries VALUES(24,24,10001,'','delivered',1700000060000,1,0,NULL,1700000061400,1700000060000,0);
INSERT INTO deliveries VALUES(25,25,10001,'','delivered',1700000060000,1,0,NULL,1700000061400,1700000060000,0);
INSERT INTO deliveries VALUES(26,26,10001,'','delivered',1700000060000,1,0,NULL,1700000061400,1700000060000,0);
INSERT INTO deliveries VALUES(27,27,10001,'','delivered',1700000060000,1,0,NULL,1700000061400,1700000060000,1);
INSERT INTO deliveries VALUES(28,28,10001,'','dead',1700000060000,1,0,NULL,1700000061400,1700000060000,0);
INSERT INTO deliveries VALUES(29,29,10001,'','ready',1700000060000,0,0,NULL,NULL,NULL,0);
CREATE TABLE attempts (
    delivery_id BIGINT NOT NULL REFERENCES deliveries ON DELETE CASCADE,
    number BIGINT NOT NULL,
    enterprise_id BIGINT NOT NULL,
    begin_time BIGINT NOT NULL,
    duration BIGINT NOT NULL,
    url TEXT NOT NULL,
    status BIGINT,
    answer TEXT NOT NULL,
    problem TEXT NOT NULL,
    PRIMARY KEY (delivery_id, number)
) WITHOUT ROWID;
INSERT INTO attempts VALUES(1,1,10001,1700000000000,3,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(2,1,10001,1700000000000,2,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(3,1,10001,1700000000000,1,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(4,1,10001,1700000000000,1,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(5,1,10001,1700000000000,1,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(6,1,10001,1700000000000,0,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(7,1,10001,1700000000000,1,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(8,1,10001,1700000000000,0,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(9,1,10001,1700000000000,5,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(10,1,10001,1700000000000,5,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(11,1,10001,1700000000000,0,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(12,1,10001,1700000000000,1,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(13,1,10001,1700000000000,1,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(14,1,10001,1700000000000,1,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(15,1,10001,1700000000000,2,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(16,1,10001,1700000000000,0,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(17,1,10001,1700000000000,1,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(18,1,10001,1700000000000,0,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(19,1,10001,1700000000000,1,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(20,1,10001,1700000060000,0,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(21,1,10001,1700000060000,2,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(22,1,10001,1700000060000,1,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(23,1,10001,1700000060000,1,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(24,1,10001,1700000060000,1,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(25,1,10001,1700000060000,0,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(26,1,10001,1700000060000,0,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(27,1,10001,1700000060000,1,'http://127.0.0.1:45585/events',200,'{"error_code":0}','');
INSERT INTO attempts VALUES(28,1,10001,1700000060000,1,'http://127.0.0.1:45585/events',500,'not today','HTTP 500');
CREATE TABLE totals (
    enterprise_id BIGINT NOT NULL,
    noun TEXT NOT NULL,
    kind TEXT NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (enterprise_id, noun, kind)
) WITHOUT ROWID;
INSERT INTO totals VALUES(10001,'class','end public',1);
INSERT INTO totals VALUES(10001,'class','ing public',2);
INSERT INTO totals VALUES(10001,'class','will 1vN',4);
INSERT INTO totals VALUES(10001,'class','will public',2);
INSERT INTO totals VALUES(10001,'document','private',2);
INSERT INTO totals VALUES(10001,'document','public',3);
INSERT INTO totals VALUES(10001,'user','student',5);
INSERT INTO totals VALUES(10001,'user','teacher',5);
INSERT INTO totals VALUES(10002,'class','will public',1);
INSERT INTO totals VALUES(10002,'user','student',1);
CREATE TABLE tokens (
    token_hash TEXT PRIMARY KEY,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    create_time BIGINT NOT NULL,
    expire_time BIGINT NOT NULL
) WITHOUT ROWID;
INSERT INTO tokens VALUES('2e17f16d870dd5448f7164337587f896276d33e1fe7d255f28291b5b9be4e1f3',10001,'lead',1700000000000,1700604800000);
INSERT INTO tokens VALUES('60137b00cbc4ccde290347d2df3df47c17d0433757a352cceb64fb6099352803',10001,'comer',1700000000000,1700604800000);
INSERT INTO tokens VALUES('b4ec83ce918808ad59063a796f99d68fedc7349d07626ff2acdc329bacf71621',10001,'s1',1700000060000,1700604860000);
INSERT INTO tokens VALUES('ee804ed08d0ae99d36e6b7c341c1f363235470f97825eb3c308d2badf8640454',10001,'t1',1700000060000,1700604860000);
CREATE TABLE bans (
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    enterprise_id BIGINT NOT NULL,
    create_time BIGINT NOT NULL,
    PRIMARY KEY (class_id, user_id)
) WITHOUT ROWID;
INSERT INTO bans VALUES(100000002,'banned',10001,0);
CREATE TABLE reports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    event TEXT NOT NULL,
    target TEXT NOT NULL,
    data TEXT NOT NULL,
    create_time BIGINT NOT NULL
);
INSERT INTO reports VALUES(1,10001,100000002,'lead','check_in','','{"check_id":"c1","time_limit":600}',1700000000000);
INSERT INTO reports VALUES(2,10001,100000002,'comer','check_in','','{"check_id":"c1"}',1700000000000);
INSERT INTO reports VALUES(3,10001,100000002,'comer','hand_up','','{}',1700000000000);
INSERT INTO reports VALUES(4,10001,100000002,'comer','open_camera','','{}',1700000000000);
INSERT INTO reports VALUES(5,10001,100000002,'comer','open_mic','','{}',1700000000000);
INSERT INTO reports VALUES(6,10001,100000002,'comer','hand_up','','{"a":"张"}',1);
CREATE TABLE switches (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    ordinal BIGINT NOT NULL,
    device TEXT NOT NULL,
    is_on BOOLEAN NOT NULL,
    create_time BIGINT NOT NULL
);
INSERT INTO switches VALUES(1,10001,100000002,'comer',1,'camera',1,1700000000000);
CREATE TABLE questions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    question_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    options TEXT NOT NULL,
    correct_answer TEXT NOT NULL,
    limit_time BIGINT NOT NULL,
    launch_time BIGINT NOT NULL,
    cancel_time BIGINT,
    UNIQUE (class_id, question_id)
);
INSERT INTO questions VALUES(1,10001,100000002,'q1','lead','["A","B"]','["A"]',600000,1700000000000,NULL);
CREATE TABLE replies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    question_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    reply_id TEXT NOT NULL,
    reply_select TEXT NOT NULL,
    is_right BOOLEAN NOT NULL,
    create_time BIGINT NOT NULL,
    UNIQUE (class_id, question_id, user_id)
);
INSERT INTO replies VALUES(1,10001,100000002,'q1','comer','r1','["A"]',1,1700000000000);
CREATE TABLE check_ins (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    check_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    start_time BIGINT NOT NULL,
    time_limit BIGINT NOT NULL,
    end_time BIGINT,
    UNIQUE (class_id, check_id)
);
INSERT INTO check_ins VALUES(1,10001,100000002,'c1','lead',1700000000000,600000,NULL);
CREATE TABLE checks (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    check_id TEXT NOT NULL,
    user_id TEXT NOT NULL,
    create_time BIGINT NOT NULL,
    UNIQUE (class_id, check_id, user_id)
);
INSERT INTO checks VALUES(1,10001,100000002,'c1','comer',1700000000000);
CREATE TABLE groups (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    group_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    engine TEXT NOT NULL,
    class_id BIGINT REFERENCES classes ON DELETE CASCADE,
    organization_id BIGINT,
    name TEXT NOT NULL,
    avatar TEXT NOT NULL,
    create_time BIGINT NOT NULL,
    last_sequence BIGINT NOT NULL, course_id BIGINT REFERENCES courses ON DELETE CASCADE, conversation_id TEXT NOT NULL DEFAULT '',
    UNIQUE (enterprise_id, group_id)
);
INSERT INTO "groups" VALUES(1,10001,'100000001_chat','chat','local',100000001,NULL,'100000001_chat','',1700000000000,0,NULL,'');
INSERT INTO "groups" VALUES(2,10001,'100000001','command','local',100000001,NULL,'100000001','',1700000000000,0,NULL,'');
INSERT INTO "groups" VALUES(3,10001,'100000002_chat','chat','local',100000002,NULL,'100000002_chat','',1700000000000,2,NULL,'');
INSERT INTO "groups" VALUES(4,10001,'100000002','command','local',100000002,NULL,'100000002','',1700000000000,0,NULL,'');
INSERT INTO "groups" VALUES(5,10001,'100000003_chat','chat','local',100000003,NULL,'100000003_chat','',1700000060000,0,NULL,'');
INSERT INTO "groups" VALUES(6,10001,'100000003','command','local',100000003,NULL,'100000003','',1700000060000,0,NULL,'');
INSERT INTO "groups" VALUES(7,10001,'100000004_chat','chat','local',100000004,NULL,'100000004_chat','',1700000060000,0,NULL,'');
INSERT INTO "groups" VALUES(8,10001,'100000004','command','local',100000004,NULL,'100000004','',1700000060000,0,NULL,'');
INSERT INTO "groups" VALUES(9,10001,'100000005_chat','chat','local',100000005,NULL,'100000005_chat','',1700000060000,0,NULL,'');
INSERT INTO "groups" VALUES(10,10001,'100000005','command','local',100000005,NULL,'100000005','',1700000060000,3,NULL,'');
INSERT INTO "groups" VALUES(11,10001,'course_1','course','local',NULL,1,'王维诗词鉴赏','',1700000060000,1,1,'');
INSERT INTO "groups" VALUES(12,10001,'100000006','command','local',100000006,NULL,'100000006','',1700000060000,0,NULL,'');
INSERT INTO "groups" VALUES(13,10001,'100000007','command','local',100000007,NULL,'100000007','',1700000060000,0,NULL,'');
INSERT INTO "groups" VALUES(14,10001,'100000008','command','local',100000008,NULL,'100000008','',1700000060000,0,NULL,'');
INSERT INTO "groups" VALUES(15,10001,'100000009','command','local',100000009,NULL,'100000009','',1700000060000,0,NULL,'');
INSERT INTO "groups" VALUES(16,10001,'group_9zmwz4prgvyg1921','free','local',NULL,1,'Parents','',1700000060000,0,NULL,'');
INSERT INTO "groups" VALUES(17,10002,'100000010_chat','chat','local',100000010,NULL,'100000010_chat','',1700000060000,0,NULL,'');
INSERT INTO "groups" VALUES(18,10002,'100000010','command','local',100000010,NULL,'100000010','',1700000060000,0,NULL,'');
CREATE TABLE group_members (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    group_key BIGINT NOT NULL REFERENCES groups ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    UNIQUE (group_key, user_id)
);
INSERT INTO group_members VALUES(1,10001,16,'pupil');
INSERT INTO group_members VALUES(2,10001,16,'mother');
CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    group_key BIGINT NOT NULL REFERENCES groups ON DELETE CASCADE,
    sequence BIGINT NOT NULL,
    user_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    content TEXT NOT NULL,
    random BIGINT,
    create_time BIGINT NOT NULL, sender_name TEXT NOT NULL DEFAULT '', sender_avatar TEXT NOT NULL DEFAULT '',
    UNIQUE (group_key, sequence)
);
INSERT INTO messages VALUES(1,10001,3,1,'lead','text','今天是周一',NULL,1700000000000,'','');
INSERT INTO messages VALUES(2,10001,3,2,'comer','text','Hello',NULL,1700000000000,'','');
INSERT INTO messages VALUES(3,10001,10,1,'t1','custom','{"seq":1,"timestamp":1700000060,"type":1003,"value":{"uid":"t1"}}',NULL,1700000060000,'','');
INSERT INTO messages VALUES(4,10001,10,2,'t1','custom','{"seq":2,"timestamp":1700000060,"type":1001,"value":{}}',NULL,1700000060000,'','');
INSERT INTO messages VALUES(5,10001,10,3,'s1','custom','{"seq":3,"timestamp":1700000060,"type":1003,"value":{"uid":"s1"}}',NULL,1700000060000,'','');
INSERT INTO messages VALUES(6,10001,11,1,'','custom','{"class_id":1,"push_history_record_id":1}',NULL,1700000060000,'','');
CREATE TABLE group_removals (
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    group_id TEXT NOT NULL,
    sdkappid BIGINT NOT NULL,
    admin_id TEXT NOT NULL,
    admin_sig TEXT NOT NULL,
    made BOOLEAN NOT NULL,
    due BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    PRIMARY KEY (enterprise_id, group_id)
) WITHOUT ROWID;
INSERT INTO group_removals VALUES(10001,'gone',1400000001,'a','s',0,9000000000000000,1);
CREATE TABLE files (
    file_key TEXT PRIMARY KEY NOT NULL,
    enterprise_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    create_time BIGINT NOT NULL,
    due BIGINT,
    attempts BIGINT NOT NULL
) WITHOUT ROWID;
INSERT INTO files VALUES('a1115d647a89c26101d2b1a337af22472',10001,'conversion','kept',42,1700000000000,NULL,0);
INSERT INTO files VALUES('a6e117893c0bc8ee6f52e1ec1adb13a81',10001,'conversion','kept',42,1700000000000,NULL,0);
CREATE TABLE class_documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    document_id BIGINT NOT NULL REFERENCES documents ON DELETE CASCADE,
    UNIQUE (class_id, document_id)
);
INSERT INTO class_documents VALUES(1,10001,100000002,3);
INSERT INTO class_documents VALUES(2,10001,100000002,1);
INSERT INTO class_documents VALUES(3,10001,100000005,4);
CREATE TABLE conversions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    task_id TEXT NOT NULL UNIQUE,
    service TEXT NOT NULL,
    doc_id TEXT REFERENCES documents (doc_id) ON DELETE CASCADE,
    url TEXT NOT NULL,
    name TEXT NOT NULL,
    extension TEXT NOT NULL,
    size BIGINT NOT NULL,
    md5 TEXT NOT NULL,
    is_private BOOLEAN NOT NULL,
    is_static BOOLEAN NOT NULL,
    state TEXT NOT NULL,
    progress BIGINT NOT NULL,
    code BIGINT NOT NULL,
    message TEXT NOT NULL,
    result TEXT NOT NULL,
    pages BIGINT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    title TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    due BIGINT NOT NULL,
    lease_token TEXT,
    lease_until BIGINT,
    create_time BIGINT NOT NULL,
    begin_time BIGINT,
    end_time BIGINT
);
INSERT INTO conversions VALUES(1,10001,'5aslscki4ohe8wyntq0z','document','40z0zpcqhse0f3uf','http://127.0.0.1:40633/events/lesson.pptx','lesson','pptx',0,'',0,0,'finished',100,0,'','/files/a6e117893c0bc8ee6f52e1ec1adb13a81/index.html',3,1280,720,'lesson''s title',1,1700000000000,NULL,NULL,1700000000000,1700000000000,1700000000000);
INSERT INTO conversions VALUES(2,10001,'owj59zcvxhrlcxmiqoso','document','dwf3mdz7wtdmrgl8','http://127.0.0.1:40633/events/damaged.pptx','damaged','pptx',0,'',0,0,'finished',10,10250,'the document is damaged; save it anew','',0,0,0,'damaged',1,1700000000000,NULL,NULL,1700000000000,1700000000000,1700000000000);
INSERT INTO conversions VALUES(3,10001,'64ujt3taxu228vy9cjzs','transcode',NULL,'http://127.0.0.1:40633/events/deck.pptx','deck','pptx',0,'',0,0,'finished',100,0,'','/files/a1115d647a89c26101d2b1a337af22472/index.html',3,1280,720,'deck''s title',1,1700000000000,NULL,NULL,1700000000000,1700000000000,1700000000000);
CREATE TABLE conversion_turns (
    enterprise_id BIGINT PRIMARY KEY REFERENCES enterprises ON DELETE CASCADE,
    turn BIGINT NOT NULL
) WITHOUT ROWID;
INSERT INTO conversion_turns VALUES(10001,3);
CREATE TABLE signing_keys (
    enterprise_id BIGINT PRIMARY KEY REFERENCES enterprises ON DELETE CASCADE,
    jwt_key TEXT NOT NULL,
    old_jwt_key TEXT,
    old_jwt_key_until BIGINT
);
INSERT INTO signing_keys VALUES(10001,'53qsqcy9x1xhpwvhukdsed57cqqj8ght','m1uvssp0qbwocw0887j5aaofh9zx1r8r',1700086460000);
CREATE TABLE channels (
    channel_id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    mobile TEXT NOT NULL UNIQUE,
    user_id TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    password_time BIGINT NOT NULL,
    create_time BIGINT NOT NULL
);
INSERT INTO channels VALUES(1,10001,'192321213','8','$argon2id$v=19$m=19456,t=2,p=1$E1hsz4y65Lib4m5Nqd9yvA$8OIyEcUGHYR7/IVm7oQ7/C2w/edG8Gc5IZ6ZItMdO/M',1700000060000,1700000060000);
CREATE TABLE organizations (
    organization_id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    channel_id BIGINT NOT NULL REFERENCES channels ON DELETE CASCADE,
    name TEXT NOT NULL,
    slogan TEXT NOT NULL,
    description TEXT NOT NULL,
    logo TEXT NOT NULL,
    company TEXT NOT NULL,
    max_podium_user BIGINT NOT NULL,
    max_clarity TEXT NOT NULL,
    callback_url TEXT NOT NULL,
    create_time BIGINT NOT NULL,
    update_time BIGINT NOT NULL
);
INSERT INTO organizations VALUES(1,10001,1,'古诗词鉴赏','','','','',8,'FHD','http://127.0.0.1:45585/events',1700000060000,1700000060000);
CREATE TABLE memberships (
    member_id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    organization_id BIGINT NOT NULL REFERENCES organizations ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    role TEXT NOT NULL,
    title TEXT NOT NULL,
    bio TEXT NOT NULL,
    create_time BIGINT NOT NULL,
    UNIQUE (organization_id, user_id)
);
INSERT INTO memberships VALUES(1,10001,1,'8','owner','','',1700000060000);
INSERT INTO memberships VALUES(2,10001,1,'10','teacher','','',1700000060000);
INSERT INTO memberships VALUES(3,10001,1,'12','student','','',1700000060000);
CREATE TABLE courses (
    course_id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    channel_id BIGINT NOT NULL REFERENCES channels ON DELETE CASCADE,
    organization_id BIGINT NOT NULL REFERENCES organizations ON DELETE CASCADE,
    creator_id TEXT NOT NULL,
    title TEXT NOT NULL,
    poster TEXT NOT NULL,
    description TEXT NOT NULL,
    max_podium_user BIGINT NOT NULL,
    clarity TEXT NOT NULL,
    duration BIGINT NOT NULL,
    period BIGINT NOT NULL,
    start_time BIGINT,
    stop_time BIGINT,
    create_time BIGINT NOT NULL,
    update_time BIGINT NOT NULL
);
INSERT INTO courses VALUES(1,10001,1,1,'8','王维诗词鉴赏','','',8,'HD',2700000,2,1709481600000,1710294300000,1700000060000,1700000060000);
CREATE TABLE course_times (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    course_id BIGINT NOT NULL REFERENCES courses ON DELETE CASCADE,
    start_time BIGINT NOT NULL,
    class_start BIGINT NOT NULL,
    repeat_mode TEXT NOT NULL,
    points TEXT NOT NULL
);
INSERT INTO course_times VALUES(1,10001,1,1709481600000,540,'weekly','[1,3]');
CREATE TABLE course_members (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    course_id BIGINT NOT NULL REFERENCES courses ON DELETE CASCADE,
    member_id BIGINT NOT NULL REFERENCES memberships ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    role TEXT NOT NULL,
    UNIQUE (course_id, member_id)
);
INSERT INTO course_members VALUES(1,10001,1,2,'10','teacher');
INSERT INTO course_members VALUES(2,10001,1,3,'12','student');
CREATE TABLE recordings (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    class_id BIGINT NOT NULL REFERENCES classes ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    stream_id TEXT NOT NULL,
    video_id TEXT NOT NULL,
    video_url TEXT NOT NULL,
    video_format TEXT NOT NULL,
    start_time BIGINT NOT NULL,
    stop_time BIGINT NOT NULL,
    play_time BIGINT NOT NULL,
    video_size BIGINT NOT NULL,
    duration BIGINT NOT NULL,
    create_time BIGINT NOT NULL,
    UNIQUE (class_id, video_id)
);
INSERT INTO recordings VALUES(1,10001,100000005,'t1','8525_x','v1','http://files.example.com/v1.mp4','mp4',1500000000,1500000600,1000,123456,600,1700000000000);
CREATE TABLE enterprise_tokens (
    token_id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    name TEXT NOT NULL,
    token_hash TEXT NOT NULL UNIQUE,
    create_time BIGINT NOT NULL,
    UNIQUE (enterprise_id, name)
);
INSERT INTO enterprise_tokens VALUES(1,10001,'app 手机','b91b58354c25a44820e4a8a9a835e5e98018cd14c2a97b5c0cacf45d9eb90233',1700000060000);
CREATE TABLE push_records (
    push_id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL,
    class_id BIGINT REFERENCES classes ON DELETE CASCADE,
    course_id BIGINT REFERENCES courses ON DELETE CASCADE,
    day BIGINT NOT NULL,
    create_time BIGINT NOT NULL,
    UNIQUE (class_id, day),
    UNIQUE (course_id, day)
);
INSERT INTO push_records VALUES(1,10001,NULL,1,19676,1700000060000);
INSERT INTO push_records VALUES(2,10001,100000002,NULL,19676,1);
CREATE TABLE outbox (
    outbox_id INTEGER PRIMARY KEY AUTOINCREMENT,
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    class_id BIGINT NOT NULL,
    sequence BIGINT NOT NULL,
    fact TEXT NOT NULL,
    create_time BIGINT NOT NULL,
    hearings TEXT NOT NULL
);
INSERT INTO outbox VALUES(30,10001,100000002,5,'{"kind":"joined","user_id":"comer","role":"student","time":1700000000000}',1700000000000,'[{"organization_id":0,"lane":"","first":true}]');
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('enterprises',10003);
INSERT INTO sqlite_sequence VALUES('classes',100000010);
INSERT INTO sqlite_sequence VALUES('groups',18);
INSERT INTO sqlite_sequence VALUES('users',14);
INSERT INTO sqlite_sequence VALUES('documents',5);
INSERT INTO sqlite_sequence VALUES('conversions',3);
INSERT INTO sqlite_sequence VALUES('outbox',30);
INSERT INTO sqlite_sequence VALUES('events',29);
INSERT INTO sqlite_sequence VALUES('deliveries',29);
INSERT INTO sqlite_sequence VALUES('members',20);
INSERT INTO sqlite_sequence VALUES('sessions',8);
INSERT INTO sqlite_sequence VALUES('messages',6);
INSERT INTO sqlite_sequence VALUES('questions',1);
INSERT INTO sqlite_sequence VALUES('replies',1);
INSERT INTO sqlite_sequence VALUES('check_ins',1);
INSERT INTO sqlite_sequence VALUES('reports',6);
INSERT INTO sqlite_sequence VALUES('checks',1);
INSERT INTO sqlite_sequence VALUES('class_documents',3);
INSERT INTO sqlite_sequence VALUES('channels',1);
INSERT INTO sqlite_sequence VALUES('organizations',1);
INSERT INTO sqlite_sequence VALUES('memberships',3);
INSERT INTO sqlite_sequence VALUES('courses',1);
INSERT INTO sqlite_sequence VALUES('course_members',2);
INSERT INTO sqlite_sequence VALUES('course_times',1);
INSERT INTO sqlite_sequence VALUES('enterprise_tokens',1);
INSERT INTO sqlite_sequence VALUES('group_members',2);
INSERT INTO sqlite_sequence VALUES('push_records',2);
INSERT INTO sqlite_sequence VALUES('recordings',1);
INSERT INTO sqlite_sequence VALUES('switches',1);
CREATE INDEX members_by_user ON members (enterprise_id, user_id, class_id);
CREATE UNIQUE INDEX sessions_open ON sessions (class_id, user_id) WHERE quit_time IS NULL;
CREATE INDEX documents_by_name ON documents (enterprise_id, doc_name);
CREATE INDEX idempotency_keys_by_time ON idempotency_keys (enterprise_id, create_time);
CREATE INDEX events_by_enterprise ON events (enterprise_id, event_id);
CREATE INDEX events_by_class ON events (enterprise_id, class_id, event_id);
CREATE INDEX deliveries_claimed ON deliveries (lease_until) WHERE state = 'claimed';
CREATE INDEX deliveries_lane ON deliveries (enterprise_id, lane, delivery_id) WHERE settled_time IS NULL;
CREATE INDEX deliveries_by_event ON deliveries (event_id);
CREATE INDEX deliveries_dead ON deliveries (enterprise_id, delivery_id) WHERE state = 'dead';
CREATE INDEX classes_by_id ON classes (enterprise_id, class_id);
CREATE INDEX classes_by_kind ON classes (enterprise_id, class_status, class_type, class_id);
CREATE INDEX users_by_number ON users (enterprise_id, id);
CREATE INDEX users_by_role ON users (enterprise_id, role, id);
CREATE INDEX documents_by_number ON documents (enterprise_id, id);
CREATE INDEX documents_by_permission ON documents (enterprise_id, permission, id);
CREATE INDEX documents_by_owner ON documents (enterprise_id, owner, id);
CREATE INDEX sessions_inside ON sessions (class_id, enterprise_id, id) WHERE quit_time IS NULL;
CREATE INDEX sessions_first ON sessions (class_id, ordinal, id);
CREATE INDEX tokens_by_user ON tokens (enterprise_id, user_id);
CREATE INDEX tokens_by_time ON tokens (expire_time);
CREATE INDEX sessions_leased ON sessions (lease_until) WHERE quit_time IS NULL AND lease_until IS NOT NULL;
CREATE INDEX classes_open ON classes (stop_time, class_id) WHERE class_status <> 'end';
CREATE INDEX reports_by_class ON reports (class_id, id);
CREATE INDEX reports_hand_up ON reports (class_id, user_id) WHERE event = 'hand_up';
CREATE INDEX reports_reward ON reports (class_id, target) WHERE event = 'reward';
CREATE INDEX switches_by_user ON switches (class_id, user_id, id);
CREATE INDEX questions_by_class ON questions (class_id, id);
CREATE INDEX replies_by_user ON replies (class_id, user_id, is_right);
CREATE INDEX check_ins_by_class ON check_ins (class_id, id);
CREATE INDEX checks_by_user ON checks (class_id, user_id);
CREATE INDEX groups_by_class ON groups (class_id, enterprise_id, id);
CREATE INDEX groups_by_organization ON groups (enterprise_id, organization_id, id) WHERE organization_id IS NOT NULL;
CREATE INDEX group_members_by_user ON group_members (enterprise_id, user_id, group_key);
CREATE UNIQUE INDEX messages_by_random ON messages (group_key, user_id, random) WHERE random IS NOT NULL;
CREATE INDEX group_removals_by_time ON group_removals (due);
CREATE UNIQUE INDEX sessions_by_token ON sessions (token_hash, class_id)
    WHERE quit_time IS NULL AND token_hash IS NOT NULL;
CREATE INDEX files_by_due ON files (due) WHERE due IS NOT NULL;
CREATE INDEX files_by_enterprise ON files (enterprise_id);
CREATE INDEX documents_by_file ON documents (enterprise_id, file_key) WHERE file_key IS NOT NULL;
CREATE INDEX class_documents_by_number ON class_documents (class_id, enterprise_id, id);
CREATE INDEX class_documents_by_document ON class_documents (document_id);
CREATE INDEX conversions_waiting ON conversions (enterprise_id, id) WHERE end_time IS NULL AND lease_token IS NULL;
CREATE INDEX conversions_held ON conversions (lease_until) WHERE lease_token IS NOT NULL;
CREATE INDEX conversions_by_document ON conversions (doc_id) WHERE doc_id IS NOT NULL;
CREATE INDEX conversion_turns_by_turn ON conversion_turns (turn);
CREATE INDEX users_by_phone ON users (enterprise_id, phone_no) WHERE phone_no <> '';
CREATE INDEX channels_by_enterprise ON channels (enterprise_id, channel_id);
CREATE INDEX organizations_by_channel ON organizations (enterprise_id, channel_id, organization_id);
CREATE INDEX memberships_by_user ON memberships (enterprise_id, user_id, organization_id);
CREATE INDEX courses_by_channel ON courses (enterprise_id, channel_id, stop_time, course_id);
CREATE INDEX courses_by_organization ON courses (enterprise_id, organization_id, stop_time, course_id);
CREATE INDEX course_times_by_course ON course_times (course_id, id);
CREATE INDEX course_members_by_member ON course_members (member_id);
CREATE INDEX classes_by_course ON classes (course_id, start_time, class_id) WHERE course_id IS NOT NULL;
CREATE INDEX groups_by_course ON groups (course_id) WHERE course_id IS NOT NULL;
CREATE INDEX deliveries_ready ON deliveries (enterprise_id, organization_id, due, delivery_id) WHERE state = 'ready';
CREATE INDEX classes_by_state ON classes (enterprise_id, room_state, active_time, class_id);
CREATE INDEX classes_silent ON classes (class_id) WHERE class_status = 'ing' AND silence_limit > 0;
CREATE INDEX recordings_by_class ON recordings (class_id, id);
CREATE INDEX users_by_folded_id ON users (enterprise_id, lower(user_id));
CREATE INDEX enterprises_by_chat_app ON enterprises (chat_app_id);
CREATE INDEX outbox_by_enterprise ON outbox (enterprise_id, outbox_id);
CREATE TRIGGER class_comes AFTER INSERT ON classes BEGIN
    INSERT INTO totals VALUES (NEW.enterprise_id, 'class', NEW.class_status || ' ' || NEW.class_type, 1)
        ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER class_changes AFTER UPDATE OF class_status, class_type ON classes
WHEN OLD.class_status <> NEW.class_status OR OLD.class_type <> NEW.class_type BEGIN
    UPDATE totals SET n = n - 1
        WHERE enterprise_id = OLD.enterprise_id AND noun = 'class' AND kind = OLD.class_status || ' ' || OLD.class_type;
    INSERT INTO totals VALUES (NEW.enterprise_id, 'class', NEW.class_status || ' ' || NEW.class_type, 1)
        ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER class_goes AFTER DELETE ON classes BEGIN
    UPDATE totals SET n = n - 1
        WHERE enterprise_id = OLD.enterprise_id AND noun = 'class' AND kind = OLD.class_status || ' ' || OLD.class_type;
END;
CREATE TRIGGER user_comes AFTER INSERT ON users BEGIN
    INSERT INTO totals VALUES (NEW.enterprise_id, 'user', NEW.role, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER user_changes AFTER UPDATE OF role ON users WHEN OLD.role <> NEW.role BEGIN
    UPDATE totals SET n = n - 1 WHERE enterprise_id = OLD.enterprise_id AND noun = 'user' AND kind = OLD.role;
    INSERT INTO totals VALUES (NEW.enterprise_id, 'user', NEW.role, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER user_goes AFTER DELETE ON users BEGIN
    UPDATE totals SET n = n - 1 WHERE enterprise_id = OLD.enterprise_id AND noun = 'user' AND kind = OLD.role;
END;
CREATE TRIGGER document_comes AFTER INSERT ON documents BEGIN
    INSERT INTO totals VALUES (NEW.enterprise_id, 'document', NEW.permission, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER document_changes AFTER UPDATE OF permission ON documents WHEN OLD.permission <> NEW.permission BEGIN
    UPDATE totals SET n = n - 1 WHERE enterprise_id = OLD.enterprise_id AND noun = 'document' AND kind = OLD.permission;
    INSERT INTO totals VALUES (NEW.enterprise_id, 'document', NEW.permission, 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER document_goes AFTER DELETE ON documents BEGIN
    UPDATE totals SET n = n - 1 WHERE enterprise_id = OLD.enterprise_id AND noun = 'document' AND kind = OLD.permission;
END;
CREATE TRIGGER replay_comes_along AFTER INSERT ON classes WHEN NEW.replay_url <> '' BEGIN
    INSERT INTO totals VALUES (NEW.enterprise_id, 'replay', '', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER replay_comes AFTER UPDATE OF replay_url ON classes WHEN OLD.replay_url = '' AND NEW.replay_url <> '' BEGIN
    INSERT INTO totals VALUES (NEW.enterprise_id, 'replay', '', 1) ON CONFLICT DO UPDATE SET n = n + 1;
END;
CREATE TRIGGER replay_goes AFTER DELETE ON classes WHEN OLD.replay_url <> '' BEGIN
    UPDATE totals SET n = n - 1 WHERE enterprise_id = OLD.enterprise_id AND noun = 'replay';
END;
COMMIT;
