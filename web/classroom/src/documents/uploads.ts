// Uploads of documents: one after the other, with progress. They go on when the panel is closed.

import { signal } from "@preact/signals";
import { CallError } from "../channel/connection";
import { t } from "../i18n";
import { explain } from "../i18n/errors";
import type { Room } from "../state/room";
import { problemOf } from "./types";

/** The error code for a body that is too large. */
const BODY = 10005;

export interface Upload {
  id: number;
  name: string;
  state: "waiting" | "sending" | "failed";
  /** 0 to 100. */
  progress: number;
  /** Why it failed, in words. */
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

  constructor(private readonly room: Room) {}

  add(files: Iterable<File>): void {
    for (const file of files) {
      const problem = problemOf(file);
      const upload: Upload = {
        id: this.nextId++, name: file.name, state: problem ? "failed" : "waiting", progress: 0, problem: problem ? t(problem) : "",
      };
      this.list.value = [...this.list.value, upload];
      if (!problem) this.jobs.push({ upload, file, request: null });
    }
    this.next();
  }

  /** Ends an upload, or hides one that failed. */
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
    request.onload = () => this.finish(job, answer(request));
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

/** What went wrong, in words; empty when nothing did. */
function answer(request: XMLHttpRequest): string {
  if (request.status === 413) return t("documents.tooLarge");
  try {
    const { error_code, error_msg } = JSON.parse(request.responseText) as { error_code: number; error_msg: string };
    if (error_code === BODY) return t("documents.tooLarge");
    return error_code === 0 ? "" : explain(new CallError(error_code, error_msg));
  } catch {
    return t("documents.uploadLost");
  }
}

const all = new WeakMap<Room, Uploads>();

export function uploadsOf(room: Room): Uploads {
  let uploads = all.get(room);
  if (!uploads) {
    uploads = new Uploads(room);
    all.set(room, uploads);
  }
  return uploads;
}
