/** What is loaded behind the first screen, in one file: see ../later.ts. */
export { Dialogs } from "./dialogs.tsx";
export { SearchPanel } from "./search_panel.tsx";
export { ThreadPanel } from "./thread_panel.tsx";
