// Uploads documents in sequence, with progress. Uploads continue while the panel is closed.

import { signal } from "@preact/signals";
import { CallError } from "../channel/connection";
import { t } from "../i18n";
import { explain } from "../i18n/errors";
import { perObject } from "../state/per-object";
import type { Room } from "../state/room";
import { toast } from "../ui";
import { problemOf } from "./types";

/** The error code for a body that is too large. */
const BODY_TOO_LARGE = 10005;

export interface Upload {
  id: number;
  name: string;
  state: "waiting" | "sending" | "failed";
  /** 0 to 100. */
  progress: number;
  /** The error message. */
  problem: string;
}

interface Job {
  upload: Upload;
  file: File;
  request: XMLHttpRequest | null;
}

export class Uploads {
  readonly list = signal<Upload[]>([]);
  private jobs: Job[] = [];
  private nextId = 1;

  /** Documents uploaded by this page that are being converted. */
  private readonly converting = new Set<string>();

  constructor(private readonly room: Room) {
    room.onEvent((event) => {
      if (event.event !== "document" || !this.converting.has(event.data.doc_id)) return;
      const { doc_id, doc_name, state, failure } = event.data;
      if (state !== "ready" && state !== "failed") return;
      this.converting.delete(doc_id);
      // The user may be looking at another tab by now.
      if (state === "ready") toast(t("documents.ready", { name: doc_name }));
      else toast(`${doc_name}: ${t("documents.failed", { reason: failure || t("documents.failedUnknown") })}`, true);
    });
  }

  /** `notify`: shows toasts, because the list of uploads may not be visible. */
  add(files: Iterable<File>, notify = false): void {
    for (const file of files) {
      const problem = problemOf(file);
      const upload: Upload = {
        id: this.nextId++, name: file.name, state: problem ? "failed" : "waiting", progress: 0, problem: problem ? t(problem) : "",
      };
      this.list.value = [...this.list.value, upload];
      if (!problem) this.jobs.push({ upload, file, request: null });
      if (notify) toast(`${file.name}: ${problem ? t(problem) : t("documents.uploadStarted")}`, problem !== null);
    }
    this.next();
  }

  /** Cancels an upload, or removes a failed one from the list. */
  remove(id: number): void {
    const job = this.jobs.find(({ upload }) => upload.id === id);
    this.jobs = this.jobs.filter((other) => other !== job);
    this.list.value = this.list.value.filter((upload) => upload.id !== id);
    job?.request?.abort();
    this.next();
  }

  private next(): void {
    const [job] = this.jobs;
    if (!job || job.request) return;
    const request = new XMLHttpRequest();
    job.request = request;
    this.change(job, { state: "sending" });
    request.upload.onprogress = ({ loaded, total, lengthComputable }) => {
      if (lengthComputable && total > 0) this.change(job, { progress: Math.floor((loaded / total) * 100) });
    };
    request.onload = () => {
      const { docId, problem } = answer(request);
      if (docId) this.converting.add(docId);
      this.finish(job, problem);
    };
    request.onerror = () => this.finish(job, t("documents.uploadLost"));
    request.open("POST", this.room.uploadAddress("document/upload", { name: job.file.name }));
    request.setRequestHeader("content-type", "application/octet-stream");
    request.send(job.file);
  }

  private finish(job: Job, problem: string): void {
    this.jobs = this.jobs.filter((other) => other !== job);
    if (problem) this.change(job, { state: "failed", problem });
    else this.list.value = this.list.value.filter(({ id }) => id !== job.upload.id);
    this.next();
  }

  private change(job: Job, to: Partial<Upload>): void {
    this.list.value = this.list.value.map((upload) => (upload.id === job.upload.id ? { ...upload, ...to } : upload));
  }
}

/** The id of the document, or the error message. */
function answer(request: XMLHttpRequest): { docId: string; problem: string } {
  const failed = (problem: string): { docId: string; problem: string } => ({ docId: "", problem });
  if (request.status === 413) return failed(t("documents.tooLarge"));
  try {
    const { error_code, error_msg, doc_id } = JSON.parse(request.responseText) as { error_code: number; error_msg: string; doc_id?: string };
    if (error_code === 0) return { docId: doc_id ?? "", problem: "" };
    return failed(error_code === BODY_TOO_LARGE ? t("documents.tooLarge") : explain(new CallError(error_code, error_msg)));
  } catch {
    return failed(t("documents.uploadLost"));
  }
}

/** Returns the uploads of a room. */
export const uploadsOf = perObject((room: Room) => new Uploads(room));
