// 中文。与 en.ts 的结构一致。

import type { en } from "./en";

export const zh: typeof en = {
  common: {
    cancel: "取消",
    close: "关闭",
    loading: "加载中…",
    retry: "重试",
    language: "语言",
    save: "保存",
    send: "发送",
    you: "我",
  },
  role: {
    teacher: "老师",
    assistant: "助教",
    student: "学生",
    supervisor: "巡课",
    visitor: "访客",
  },
  layout: {},
  enter: {},
  roster: {},
  board: {},
  documents: {},
  chat: {},
  checkin: {},
  question: {},
  timer: {},
  attendance: {},
  errors: {},
};
