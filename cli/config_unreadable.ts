/** @module */

/** A configuration file that cannot be read. The message is one line and names the file. */
export class ConfigUnreadable extends Error {
  override name = "ConfigUnreadable";
}
