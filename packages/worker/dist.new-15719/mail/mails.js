export {}
//# sourceMappingURL=mails.js.map
