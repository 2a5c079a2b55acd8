// Opens the live conversation under a story, and only when the reader asks for it.
// The comments in the page stay until the live ones are really there, and come back if they are not.
(function () {
  "use strict";

  var PATIENCE = 10000; // milliseconds until we say that it did not open

  function setUp(box) {
    var button = box.querySelector(".live-button");
    var status = box.querySelector(".live-status");
    var kept = document.querySelector("[data-static-thread], ol#thread");
    var parts = []; // what a try has put into the page

    function say(words) {
      status.textContent = "";
      window.setTimeout(function () { status.textContent = words; }, 50);
    }

    function clear() {
      parts.forEach(function (part) { part.remove(); });
      parts = [];
    }

    // True where the live thread holds what the page shows; a server that has lost it keeps our copy.
    function holdsAll(section) {
      if (!kept) return false;
      var ours = Array.from(kept.querySelectorAll("[id^='comment-isso-']"));
      var theirs = ours.filter(function (comment) {
        return section.querySelector("#" + comment.id.replace("comment-", ""));
      });
      return theirs.length > 0 && theirs.length * 2 >= ours.length;
    }

    // Isso's markup lacks roles and labels that assistive technology needs, and asks for an e-mail
    // address that nothing is ever sent to. Its count is not true of what the page shows.
    function mend(section) {
      section.querySelectorAll("textarea").forEach(function (area) {
        area.placeholder = box.dataset.ask;
        area.setAttribute("aria-label", box.dataset.ask);
      });
      section.querySelectorAll("a[href='#']").forEach(function (link) {
        link.setAttribute("role", "button");
      });
      section.querySelectorAll("[name='author']").forEach(function (field) {
        field.placeholder = "";
      });
      section.querySelectorAll("[name='email']").forEach(function (field) {
        field.closest("p").hidden = true;
      });
      section.querySelectorAll(".isso-thread-heading").forEach(function (heading) {
        heading.hidden = true;
      });
    }

    // Isso says nothing to the reader when a comment was refused; its button tells when it is done.
    function reportSending(record) {
      var submit = record.target;
      var form = submit.closest(".isso-postbox");
      if (record.attributeName !== "disabled" || submit.disabled || !form) return;
      var area = form.querySelector("textarea");
      say(form.isConnected && area && area.value.trim() ? box.dataset.unsent : box.dataset.sent);
    }

    function open() {
      clear();
      button.hidden = true;
      say(box.dataset.loading);

      var section = document.createElement("section");
      section.id = "isso-thread";
      section.dataset.issoId = box.dataset.thread;
      section.dataset.title = box.dataset.title;
      var script = document.createElement("script");
      script.async = true;
      script.dataset.isso = box.dataset.src;
      script.dataset.issoLang = (document.documentElement.lang || "en").split("-")[0];
      script.dataset.issoCss = "false";
      script.dataset.issoAvatar = "false";
      script.dataset.issoVote = "false";
      script.setAttribute("data-isso-max-comments-nested", "inf");
      script.src = box.dataset.src + "js/embed.min.js";
      parts = [section, script];

      var there = false;
      var observer = new MutationObserver(function (records) {
        mend(section);
        records.forEach(function (record) {
          if (record.type === "attributes") reportSending(record);
        });
        if (!there && section.querySelector(".isso-postbox")) {
          there = true;
          window.clearTimeout(timer);
          say(box.dataset.ready);
          section.querySelector("textarea").focus();
        }
        if (kept && !kept.hidden && holdsAll(section)) kept.hidden = true;
      });
      function fail() {
        if (there) return;
        window.clearTimeout(timer);
        observer.disconnect();
        clear();
        button.hidden = false;
        button.focus();
        say(box.dataset.failed);
      }
      var timer = window.setTimeout(fail, PATIENCE);
      script.addEventListener("error", fail);
      observer.observe(section, {
        childList: true, subtree: true, attributes: true, attributeFilter: ["disabled"],
      });
      box.append(section, script);
    }

    button.hidden = false;
    button.addEventListener("click", open);
  }

  document.querySelectorAll(".live[data-provider='isso']").forEach(setUp);
})();
