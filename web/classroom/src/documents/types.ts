// Which files can be shown on the board.

import type { Key } from "../i18n";

/** The extensions that the converter accepts. The server checks the content and decides. */
const EXTENSIONS = new Set(
  ("ppt pptx pps ppsx pptm ppsm potx odp doc docx docm dotx odt rtf txt xls xlsx xlsm ods csv pdf " +
    "png jpg jpeg gif bmp webp tga avif tif tiff svg svgz").split(" "),
);

/** For the file dialog. */
export const ACCEPT = [...EXTENSIONS].map((extension) => `.${extension}`).join(",");

export function extensionOf(name: string): string {
  const dot = name.lastIndexOf(".");
  return dot < 0 ? "" : name.slice(dot + 1).toLowerCase();
}

/** Why a file can't be uploaded; `null` when it can. */
export function problemOf(file: { name: string; size: number }): Key | null {
  if (!EXTENSIONS.has(extensionOf(file.name))) return "documents.unknownType";
  return file.size === 0 ? "documents.emptyFile" : null;
}

/** Formats the size of a file. */
export function sizeInWords(bytes: number, locale: string): string {
  const units = ["kilobyte", "megabyte", "gigabyte"] as const;
  let [value, unit] = [bytes / 1000, 0];
  while (value >= 999.5 && unit < units.length - 1) [value, unit] = [value / 1000, unit + 1];
  return new Intl.NumberFormat(locale, { style: "unit", unit: units[unit], maximumFractionDigits: value < 10 ? 1 : 0 }).format(value);
}
