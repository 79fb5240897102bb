DROP TABLE callback_keys;
DROP TABLE webhook_secrets;
DROP TRIGGER group_goes;
DROP TRIGGER group_comes;
DROP TRIGGER report_goes;
DROP TRIGGER report_comes;
DROP TRIGGER message_goes;
DROP TRIGGER message_comes;
DELETE FROM totals WHERE noun IN ('message', 'report', 'group');
