/**
 * The error of a configuration file that cannot be read.
 * @module
 */

/** The message is one line, and names the file. */
export class ConfigUnreadable extends Error {
  override name = "ConfigUnreadable";
}
