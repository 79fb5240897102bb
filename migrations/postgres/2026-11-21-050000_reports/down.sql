DROP TABLE checks;
DROP TABLE check_ins;
DROP TABLE replies;
DROP TABLE questions;
DROP TABLE switches;
DROP TABLE reports;
