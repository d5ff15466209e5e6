// What `await using` throws when both a test and the disposal behind it fail is a SuppressedError, of which a report shows
// nothing but its name. With a cause it shows what has failed first, and then the disposal, which nearly always follows from it.

Object.defineProperty(SuppressedError.prototype, "cause", {
  configurable: true,
  get(this: SuppressedError) {
    return new AggregateError([this.suppressed, this.error], "First the test failed, and then a disposal");
  },
});
