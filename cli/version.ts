/** The version of Hanita, as in CHANGELOG.md. */
export const VERSION = "0.1.0";
