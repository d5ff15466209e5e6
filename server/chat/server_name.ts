/** The name that the server has as a sender, and as the addressee of placeholders on a private page. No name begins with `#`. */
export const SERVER_NAME = "#server";
