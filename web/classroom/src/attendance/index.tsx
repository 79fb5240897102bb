// Attendance: an overview and a sheet. For the teacher and assistants.

import "./attendance.css";
import { useEffect, useState } from "preact/hooks";

import { t } from "../i18n";
import { useRoom } from "../state/room";
import { Button, Dialog, Empty, Failed, Spinner } from "../ui";
import { explain } from "../i18n/errors";
import { attendanceOf } from "./model";
import { PRESENCES, type Row } from "./rows";
import { Sheet } from "./sheet";

/** How many names a list of the overview shows. */
const MAX_NAMES = 100;

export function Attendance() {
  const attendance = attendanceOf(useRoom());
  const [sheet, setSheet] = useState(false);
  useEffect(() => attendance.follow(), [attendance]);
  const rows = attendance.rows.value;
  const counts = attendance.counts.value;
  const failure = attendance.failure.value;
  const retry = (): void => void attendance.load();

  if (rows === null || counts === null) {
    return failure === null ? <Spinner label={t("attendance.loading")} /> : <Failed text={`${t("attendance.failed")} ${explain(failure)}`} onRetry={retry} />;
  }
  if (rows.length === 0) return <Empty icon="chart" text={t("attendance.empty")} />;
  return (
    <div class="attendance">
      {failure !== null && <p class="bad" role="alert">{t("attendance.failed")} <Button onClick={retry}>{t("common.retry")}</Button></p>}
      <dl class="glance">
        {PRESENCES.map((presence) => (
          <div key={presence} class={`glance-part ${presence}`}>
            <dt>{t(`attendance.${presence}`)}</dt>
            <dd>{counts[presence]}</dd>
          </div>
        ))}
      </dl>
      <Button icon="chart" wide onClick={() => setSheet(true)}>{t("attendance.sheet")}</Button>
      <Names title={t("attendance.absent")} rows={rows.filter(({ presence }) => presence === "absent")} />
      <Names title={t("attendance.left")} rows={rows.filter(({ presence }) => presence === "left")} />
      <Names title={t("attendance.present")} rows={rows.filter(({ presence }) => presence === "present")} />
      {sheet && (
        <Dialog wide title={t("attendance.sheet_title")} onClose={() => setSheet(false)}>
          <Sheet rows={rows} />
        </Dialog>
      )}
    </div>
  );
}

function Names({ title, rows }: { title: string; rows: readonly Row[] }) {
  if (rows.length === 0) return null;
  return (
    <section class="people" aria-label={title}>
      <h2>{title} ({rows.length})</h2>
      <ul>
        {rows.slice(0, MAX_NAMES).map((row) => (
          <li key={row.user_id} class="person">
            <span class="person-name">{row.name}</span>
            {row.role !== "student" && <span class="muted">{t(`role.${row.role}`)}</span>}
          </li>
        ))}
        {rows.length > MAX_NAMES && <li class="muted">… {rows.length - MAX_NAMES}</li>}
      </ul>
    </section>
  );
}
