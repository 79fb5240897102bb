-- While the clock of a machine was set back, rows got an end that lies before their begin. It becomes the begin.
UPDATE sessions SET quit_time = enter_time WHERE quit_time < enter_time;
UPDATE classes SET real_stop_time = real_start_time WHERE real_stop_time > 0 AND real_stop_time < real_start_time;
UPDATE questions SET cancel_time = launch_time WHERE cancel_time < launch_time;
UPDATE check_ins SET end_time = start_time WHERE end_time < start_time;
UPDATE conversions SET end_time = begin_time WHERE end_time < begin_time;

-- The start of a time of a course names a day, at any hour of it. A course starts with that day in Beijing, so that lists for
-- a span find it by all its lessons.
UPDATE courses SET start_time = start_time - (start_time + 28800000) % 86400000
WHERE start_time > (SELECT min(classes.start_time) FROM classes WHERE classes.course_id = courses.course_id);
