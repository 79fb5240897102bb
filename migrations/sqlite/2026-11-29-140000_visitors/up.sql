-- The accounts that were made for people without an account: for which class, from which network (empty if unknown), and when they
-- end (nothing while their class goes on). There is no reference to the class, because an account outlives it by a day.
CREATE TABLE visitors (
    enterprise_id BIGINT NOT NULL REFERENCES enterprises ON DELETE CASCADE,
    user_id TEXT NOT NULL,
    class_id BIGINT NOT NULL,
    network TEXT NOT NULL,
    create_time BIGINT NOT NULL,
    expire_time BIGINT,
    PRIMARY KEY (enterprise_id, user_id)
) WITHOUT ROWID;
CREATE INDEX visitors_by_class ON visitors (class_id) WHERE expire_time IS NULL;
CREATE INDEX visitors_by_time ON visitors (expire_time) WHERE expire_time IS NOT NULL;

-- Nothing says for which class the earlier ones were made: they end eight days after their creation, when their tokens are a day
-- over. Only accounts as Lectern makes them for visitors count as such.
INSERT INTO visitors (enterprise_id, user_id, class_id, network, create_time, expire_time)
SELECT enterprise_id, user_id, 0, '', regist_time, regist_time + 691200000 FROM users
WHERE role = 'visitor' AND user_id LIKE 'visitor@_%' ESCAPE '@' AND length(user_id) = 24
    AND password_hash IS NULL AND phone_no = '' AND e_mail = '' AND avatar = '';

-- Of lessons that were given in a course that was deleted: what statistics say about the course.
CREATE TABLE given_lessons (
    class_id BIGINT PRIMARY KEY REFERENCES classes ON DELETE CASCADE,
    enterprise_id BIGINT NOT NULL,
    channel_id BIGINT NOT NULL,
    organization_id BIGINT NOT NULL,
    course_id BIGINT NOT NULL,
    title TEXT NOT NULL
);
