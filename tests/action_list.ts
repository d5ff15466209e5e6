// The actions for everybody, as the refusal of an unknown one lists them. It is written out: the list is what a student reads.
export const ACTION_LIST =
  "presence, authenticate, register, msg, upload, edit, delete, react, read, unread, notify, typing, status, join, leave, " +
  "topic, rank, members, invite, uninvite, group, configure, rename, clear, remove, pin, pins, who_online, rooms, " +
  "get_contacts, add_contact, del_contact, history, search, probe, change_password, sessions, end_session, export, " +
  "unregister, add_hook, hooks, del_hook, hook, logout, quit";
