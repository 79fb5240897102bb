// The check-in panel of the teacher and assistants: start one, see who is present, end it.

import { useEffect, useMemo, useState } from "preact/hooks";

import { activityId } from "../activities/id";
import { Countdown, LimitChoice, Meter } from "../activities/parts";
import { attendanceOf } from "../attendance/model";
import type { ReplyBody } from "../channel/types";
import { t, timeOfDay } from "../i18n";
import { useRoom } from "../state/room";
import { Button, attempt } from "../ui";
import { people, type Checked } from "./people";

/** The last check-in, loaded because the snapshot has none: it ended before this page was opened. */
interface Last {
  times: Record<string, number>;
  /** The user ids of all who can check in. */
  pupils: string[];
}

interface Sheet extends ReplyBody {
  check_id: string;
  member_detail: { user_id: string; check_state: number; check_in_time: number }[];
}

export function CheckInPanel() {
  const room = useRoom();
  const attendance = attendanceOf(room);
  const checkIn = room.checkIn.value;
  const [limit, setLimit] = useState(60);
  const [busy, setBusy] = useState(false);
  const [last, setLast] = useState<Last | null>(null);
  const open = checkIn !== null && checkIn.end_time === null;
  const checkId = checkIn?.check_id ?? "";

  useEffect(() => attendance.follow(), [attendance]);
  // A snapshot has neither the times of an open check-in nor an ended check-in.
  useEffect(() => {
    let stale = false;
    room.call<Sheet>("checkIn/result", checkId === "" ? {} : { check_id: checkId }, { repeatable: true }).then(
      (sheet) => {
        const answered = sheet.member_detail.filter((row) => row.check_state === 1);
        if (stale) return;
        const times = Object.fromEntries(answered.map((row) => [row.user_id, row.check_in_time * 1000]));
        setLast({ times, pupils: sheet.member_detail.map((row) => row.user_id) });
      },
      // There was no check-in yet.
      () => undefined,
    );
    return () => {
      stale = true;
    };
  }, [room, checkId, checkIn?.end_time ?? 0, room.generation.value]);

  const times = useMemo(() => ({ ...last?.times, ...checkIn?.checkedTimes }), [last, checkIn]);
  const { here, missing } = useMemo(() => {
    const reserved = (last?.pupils ?? []).map((user_id) => ({ user_id, name: user_id, role: "student" as const }));
    // The attendance has the names.
    return people(room.members.value, [...reserved, ...(attendance.rows.value ?? [])], times);
  }, [room.members.value, attendance.rows.value, last, times]);
  const all = here.length + missing.length;
  const run = (event: string, data: object): void => {
    setBusy(true);
    void attempt(room.call("report/event", { event, data }, { repeatable: true })).then(() => setBusy(false));
  };
  const start = (): void => {
    setLast(null);
    const data = { check_id: activityId("c", room.now()) };
    run("apply_check_in", limit > 0 ? { ...data, time_limit: limit } : data);
  };
  const progress = t("checkin.progress", { here: here.length, all });

  if (!open && last === null && checkIn === null) {
    return (
      <div class="activity">
        <p class="muted">{t("checkin.intro")}</p>
        <LimitChoice value={limit} onChange={setLimit} />
        <Button kind="primary" icon="checkIn" wide busy={busy} onClick={start}>{t("checkin.start")}</Button>
      </div>
    );
  }
  return (
    <div class="activity">
      {!open && <h3>{t("checkin.ended")}</h3>}
      {open && checkIn && <Countdown start={checkIn.start_time} limit={checkIn.limit} large />}
      <div class="activity-count" role="status">
        <strong>{progress}</strong>
        <Meter value={here.length} max={all} label={progress} />
        {all > 0 && missing.length === 0 && <span class="good">{t("checkin.all_here")}</span>}
        {all === 0 && <span class="muted">{t("checkin.no_pupils")}</span>}
      </div>
      {open && checkIn && (
        <Button kind="primary" wide busy={busy} onClick={() => run("cancel_check_in", { check_id: checkIn.check_id })}>{t("checkin.end")}</Button>
      )}
      <People title={t("checkin.missing", { n: missing.length })} people={missing} />
      <People title={t("checkin.here", { n: here.length })} people={here} />
      {!open && (
        <>
          <LimitChoice value={limit} onChange={setLimit} />
          <Button kind="primary" icon="checkIn" wide busy={busy} onClick={start}>{t("checkin.again")}</Button>
        </>
      )}
    </div>
  );
}

/** The maximum number of names in a list. */
const MAX_NAMES = 500;

function People({ title, people }: { title: string; people: readonly Checked[] }) {
  return (
    <section class="people" aria-label={title}>
      <h3>{title}</h3>
      {people.length === 0 && <p class="muted">{t("checkin.nobody")}</p>}
      <ul>
        {people.slice(0, MAX_NAMES).map((person) => (
          <li key={person.user_id} class={person.time === null ? "person missing" : "person"}>
            <span class="person-name">{person.name}</span>
            {person.time !== null && person.time > 0 && <span class="muted">{timeOfDay(person.time)}</span>}
            {person.time === null && !person.inside && <span class="muted">{t("checkin.not_inside")}</span>}
          </li>
        ))}
      </ul>
    </section>
  );
}
