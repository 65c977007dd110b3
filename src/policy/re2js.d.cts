declare const re2js: { readonly RE2JS: typeof import("re2js").RE2JS };
export = re2js;
