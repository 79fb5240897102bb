// The recording of a class that is over: the video, its chapters and speed, and what was written beside it.

import "./playback.css";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Credentials } from "../channel/types";
import { clock, t } from "../i18n";
import { Icon } from "../ui";
import { currentChapter, loadChapters, named, type Chapter, type NamedChapter } from "./chapters";
import { currentMessage, loadMessages, loadVideos, messagesOf, wholeClass, type ClassVideo, type TimedMessage } from "./videos";

const SPEEDS = [0.75, 1, 1.25, 1.5, 2];

/** Shows the recording of a class to those who may see it. Shows nothing when there is none. */
export function Playback({ credentials }: { credentials: Credentials }) {
  const [video, setVideo] = useState<ClassVideo | null>(null);
  const [messages, setMessages] = useState<TimedMessage[]>([]);
  const [chapters, setChapters] = useState<Chapter[]>([]);
  const { class_id } = credentials;
  useEffect(() => {
    let gone = false;
    const load = async () => {
      const found = wholeClass(await loadVideos(credentials, class_id));
      if (gone || !found) return;
      setVideo(found);
      const [{ list, parts }, written] = await Promise.all([
        loadChapters(credentials, class_id, found.video_id),
        loadMessages(credentials, class_id),
      ]);
      if (gone) return;
      setChapters(list);
      setMessages(messagesOf(parts, written));
    };
    // A class without a recording, or that this user may not see, has nothing to show.
    load().catch(() => {});
    return () => void (gone = true);
  }, [class_id]);
  return video && <Player video={video} chapters={named(chapters)} messages={messages} />;
}

function Player({ video, chapters, messages }: { video: ClassVideo; chapters: NamedChapter[]; messages: TimedMessage[] }) {
  const player = useRef<HTMLVideoElement>(null);
  const list = useRef<HTMLOListElement>(null);
  const [speed, setSpeed] = useState(1);
  const [at, setAt] = useState(0);
  const current = currentMessage(messages, at);
  useEffect(() => {
    if (player.current) player.current.playbackRate = speed;
  }, [speed]);
  useEffect(() => {
    const shown = list.current?.children[current] as HTMLElement | undefined;
    if (shown && list.current) list.current.scrollTop = shown.offsetTop - list.current.clientHeight / 2;
  }, [current]);
  const seek = (to: number) => {
    if (player.current) player.current.currentTime = to;
  };
  return (
    <section class="playback" aria-label={t("playback.title")}>
      <video ref={player} controls preload="metadata" src={video.video_url} onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)} />
      {chapters.length > 0 && <Chapters chapters={chapters} current={currentChapter(chapters, at)} seek={seek} />}
      <label class="playback-speed">
        {t("playback.speed")}
        <select class="input" value={speed} onChange={(event) => setSpeed(Number(event.currentTarget.value))}>
          {SPEEDS.map((value) => <option key={value} value={value}>{value}×</option>)}
        </select>
      </label>
      {messages.length > 0 && (
        <ol ref={list} class="playback-chat" aria-label={t("playback.chat")}>
          {messages.map(({ at, name, text }, number) => (
            <li key={number} aria-current={number === current}>
              <button type="button" onClick={() => seek(at)}>
                <span class="playback-time">{clock(at * 1000)}</span> <b>{name}</b> {text}
              </button>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}

/** What is shown of a chapter without a thumbnail. */
const ICONS = { page: "board", question: "question", screen: "screen" } as const;

function Chapters({ chapters, current, seek }: { chapters: NamedChapter[]; current: number; seek: (to: number) => void }) {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const shown = list.current?.children[current] as HTMLElement | undefined;
    if (shown && list.current) list.current.scrollLeft = shown.offsetLeft - list.current.clientWidth / 2 + shown.clientWidth / 2;
  }, [current]);
  return (
    <ol ref={list} class="playback-chapters" aria-label={t("playback.chapters")}>
      {chapters.map(({ at, name, kind, thumbnail }, number) => (
        <li key={number} aria-current={number === current}>
          <button type="button" onClick={() => seek(at)}>
            {thumbnail ? <img src={thumbnail} alt="" loading="lazy" /> : <span class="playback-mark"><Icon name={ICONS[kind]} /></span>}
            <span class="playback-time">{clock(at * 1000)}</span> {name}
          </button>
        </li>
      ))}
    </ol>
  );
}
