// The parts that everything else is made of.
import "./ui.css";

export { attempt } from "./attempt";
export * from "./button";
export { Asked, Dialog, ask } from "./dialog";
export * from "./icons";
export * from "./menu";
export * from "./states";
export * from "./tabs";
export { Toasts, toast } from "./toast";
