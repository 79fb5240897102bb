// Buttons.

import type { ButtonHTMLAttributes, ComponentChildren, Ref } from "preact";
import { Icon, type IconName } from "./icons";

type ButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "icon" | "size" | "class" | "disabled" | "type"> & {
  kind?: "primary" | "plain" | "quiet" | "danger" | "hand";
  icon?: IconName;
  large?: boolean;
  wide?: boolean;
  /** The action is running, so the button is disabled. */
  busy?: boolean;
  disabled?: boolean;
  class?: string;
  type?: "button" | "submit";
  children?: ComponentChildren;
  buttonRef?: Ref<HTMLButtonElement>;
};

export function Button({ kind = "plain", icon, large, wide, busy, disabled, type = "button", class: extra, children, buttonRef, ...rest }: ButtonProps) {
  const classes = ["button", kind, large && "large", wide && "wide", busy && "busy", extra].filter(Boolean).join(" ");
  return (
    <button {...rest} ref={buttonRef} type={type} class={classes} disabled={disabled || busy} aria-busy={busy || undefined}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

type IconButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, "icon" | "label" | "class" | "disabled"> & {
  icon: IconName;
  /** The accessible name, also shown as a tooltip. */
  label: string;
  /** For a toggle button. */
  pressed?: boolean;
  small?: boolean;
  danger?: boolean;
  disabled?: boolean;
  class?: string;
  children?: ComponentChildren;
  buttonRef?: Ref<HTMLButtonElement>;
};

export function IconButton({ icon, label, pressed, small, danger, class: extra, children, buttonRef, ...rest }: IconButtonProps) {
  const classes = ["icon-button", small && "small", danger && "danger", extra].filter(Boolean).join(" ");
  return (
    <button {...rest} ref={buttonRef} type="button" class={classes} aria-label={label} title={label} aria-pressed={pressed}>
      <Icon name={icon} />
      {children}
    </button>
  );
}
