// A video, and the request for it at the server: its size, and whether it is visible.

import { useEffect, useRef } from "preact/hooks";
import type { RefObject } from "preact";
import { useMedia } from "../media";

interface PictureProps {
  stream: MediaStream;
  label: string;
  mirrored?: boolean;
  /** Shows the whole picture, with bars if the ratio differs. */
  whole?: boolean;
}

export function Picture({ stream, label, mirrored, whole }: PictureProps) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element) return;
    element.srcObject = stream;
    // Muted video may always play. An error means that the stream was removed meanwhile.
    element.play().catch(() => {});
    return () => {
      element.srcObject = null;
    };
  }, [stream]);
  const classes = ["picture", mirrored && "mirrored", whole && "whole"].filter(Boolean).join(" ");
  return <video ref={video} class={classes} aria-label={label} autoplay muted playsInline disablePictureInPicture />;
}

/** Requests a video from the server while its box is visible, in the height of the box. `rank` 0 is the most important. */
export function useVideoRequest(box: RefObject<HTMLElement | null>, user_id: string, source: "camera" | "screen", rank: number, active: boolean): void {
  const media = useMedia();
  useEffect(() => {
    const element = box.current;
    if (!element || !active) return;
    const place = {};
    let inSight = false;
    const report = () => {
      const height = element.clientHeight * (window.devicePixelRatio || 1);
      media.views.set(place, inSight ? { user_id, source, height, rank } : null);
    };
    const size = new ResizeObserver(report);
    const sight = new IntersectionObserver((entries) => {
      inSight = entries[entries.length - 1]?.isIntersecting ?? false;
      report();
    });
    size.observe(element);
    sight.observe(element);
    return () => {
      size.disconnect();
      sight.disconnect();
      media.views.set(place, null);
    };
  }, [media, user_id, source, rank, active]);
}
