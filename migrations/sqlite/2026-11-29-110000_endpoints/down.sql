UPDATE deliveries SET organization_id = 0 WHERE organization_id = -1;
UPDATE outbox SET hearings = replace(hearings, '"organization_id":-1,', '"organization_id":0,');

-- Notices, which have their words when they are read, get those of before.
UPDATE messages SET kind = 'custom', content = replace(replace(content, '"notice":"pushed",', ''), '"push_id":', '"push_history_record_id":')
WHERE kind = 'notice' AND content LIKE '{"notice":"pushed",%';
UPDATE messages SET kind = 'custom', content = '{"seq":' || sequence || ',"timestamp":' || (create_time / 1000) || ',"type":' || CASE
    WHEN content LIKE '{"notice":"class_began"%' THEN '1001,"value":{}}'
    WHEN content LIKE '{"notice":"class_ended"%' THEN '1002,"value":{}}'
    WHEN content LIKE '{"notice":"recorded"%' THEN '1004,"value":{}}'
    ELSE '1003,"value":' || replace(content, '{"notice":"entered","user_id":', '{"uid":') || '}'
END
WHERE kind = 'notice';
