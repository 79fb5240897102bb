// The building blocks of the user interface.
import "./ui.css";

export { attempt } from "./attempt";
export * from "./button";
export { ConfirmDialog, Dialog, confirmAction } from "./dialog";
export * from "./icons";
export * from "./menu";
export * from "./states";
export * from "./tabs";
export { Toasts, toast } from "./toast";
