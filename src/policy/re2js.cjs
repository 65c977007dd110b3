/** re2js, loaded when it is used first: it is large, and most policies have only the simplest globs. */
module.exports = {
  get RE2JS() {
    return require("re2js").RE2JS;
  },
};
