// Shrinks images before they are uploaded.

/** The longest side of an uploaded image, in pixels. */
export const MAX_SIDE = 1600;
/** Images below both limits are uploaded unchanged. */
const SMALL_BYTES = 400 * 1024;
const QUALITY = 0.85;
/** Larger files are not decoded. */
const MAX_BYTES = 50 * 1024 * 1024;

export interface Size {
  width: number;
  height: number;
}

/** Why an image can't be sent. */
export type ImageProblem = "not_image" | "too_large";

export class ImageError extends Error {
  constructor(readonly problem: ImageProblem) {
    super(problem);
  }
}

/** The size after shrinking: no side exceeds `MAX_SIDE`, and the aspect ratio is kept. */
export function shrunkSize({ width, height }: Size): Size {
  const factor = Math.min(1, MAX_SIDE / Math.max(width, height, 1));
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) };
}

/** Whether a file is uploaded unchanged. All others are re-encoded. */
export function isSentAsItIs(type: string, bytes: number, size: Size): boolean {
  const fits = Math.max(size.width, size.height) <= MAX_SIDE;
  if (type === "image/gif") return bytes <= 4 * SMALL_BYTES && fits;
  return fits && bytes <= SMALL_BYTES && (type === "image/jpeg" || type === "image/png" || type === "image/webp");
}

/**
 * Prepares a file for the upload. Re-encoding also removes metadata such as the location.
 *
 * @throws ImageError
 */
export async function shrunk(file: Blob): Promise<Blob> {
  if (!file.type.startsWith("image/") || file.type === "image/svg+xml") throw new ImageError("not_image");
  if (file.size > MAX_BYTES) throw new ImageError("too_large");
  const address = URL.createObjectURL(file);
  try {
    const image = await decoded(address);
    const size = { width: image.naturalWidth, height: image.naturalHeight };
    // A JPEG may contain its location, so it is always re-encoded.
    if (file.type !== "image/jpeg" && isSentAsItIs(file.type, file.size, size)) return file;
    return await drawn(image, shrunkSize(size), file.type === "image/png" && file.size <= SMALL_BYTES);
  } finally {
    URL.revokeObjectURL(address);
  }
}

async function decoded(address: string): Promise<HTMLImageElement> {
  const image = new Image();
  image.src = address;
  try {
    await image.decode();
  } catch {
    throw new ImageError("not_image");
  }
  if (image.naturalWidth === 0 || image.naturalHeight === 0) throw new ImageError("not_image");
  return image;
}

async function drawn(image: HTMLImageElement, size: Size, isSharp: boolean): Promise<Blob> {
  const canvas = document.createElement("canvas");
  canvas.width = size.width;
  canvas.height = size.height;
  const context = canvas.getContext("2d");
  if (context === null) throw new ImageError("not_image");
  // JPEG has no transparency.
  context.fillStyle = "#ffffff";
  context.fillRect(0, 0, size.width, size.height);
  context.imageSmoothingQuality = "high";
  context.drawImage(image, 0, 0, size.width, size.height);
  const blob = await new Promise<Blob | null>((resolve) => {
    canvas.toBlob(resolve, isSharp ? "image/png" : "image/jpeg", QUALITY);
  });
  if (blob === null) throw new ImageError("too_large");
  return blob;
}

/** The images in pasted or dropped data. */
export function imagesOf(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])].filter((file) => file.type.startsWith("image/"));
}
