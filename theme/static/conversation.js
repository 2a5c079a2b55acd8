// Opens the live conversation under a story, and only when the reader asks for it.
// The comments in the page stay until the live ones are really there, and come back if they are not.
(function () {
  "use strict";

  var PATIENCE = 10000; // milliseconds until we say that it did not open
  var kept = document.querySelector("[data-static-thread]");

  // For a box: puts words where a screen reader hears them.
  function teller(status) {
    return function (words) {
      status.textContent = "";
      window.setTimeout(function () { status.textContent = words; }, 50);
    };
  }

  // Hides what the page has of one comment system's thread, and leaves what was said elsewhere.
  function giveWay(keeper) {
    function hide(list) {
      Array.from(list.children).forEach(function (item) {
        var said = Array.from(item.querySelectorAll("[id^='comment-']"));
        var theirs = said.filter(function (one) { return one.id.startsWith("comment-" + keeper + "-"); });
        item.hidden = said.length > 0 && theirs.length === said.length;
        var folded = item.classList.contains("thread-fold") && item.querySelector(".thread");
        if (folded && !item.hidden) hide(folded);
      });
    }
    if (!kept) return;
    hide(kept);
    kept.hidden = Array.from(kept.children).every(function (item) { return item.hidden; });
  }

  function takeBack() {
    if (!kept) return;
    kept.hidden = false;
    kept.querySelectorAll("li[hidden]").forEach(function (item) { item.hidden = false; });
  }

  function setUpIsso(box) {
    var button = box.querySelector(".live-button");
    var status = box.querySelector(".live-status");
    var say = teller(status);
    var parts = []; // what a try has put into the page
    var taking = null; // the comment that its reader is about to delete

    function clear() {
      parts.forEach(function (part) { part.remove(); });
      parts = [];
    }

    // True where the live thread holds what the page shows; a server that has lost it keeps our copy.
    function holdsAll(section) {
      if (!kept) return false;
      var ours = Array.from(kept.querySelectorAll("[id^='comment-isso-']"));
      var theirs = ours.filter(function (comment) {
        var live = section.querySelector("#" + comment.id.replace("comment-", ""));
        return live && sameTime(comment, live);
      });
      return theirs.length > 0 && theirs.length * 2 >= ours.length;
    }

    // Isso gives the id of a deleted comment to the next one: an id alone says nothing of who wrote.
    function sameTime(ours, live) {
      var times = [ours, live].map(function (one) {
        var time = one.querySelector("time");
        return time ? Date.parse(time.dateTime) : NaN;
      });
      return ours.classList.contains("bubble-gone") || Math.abs(times[0] - times[1]) <= 1000;
    }

    function sameWords(ours, live) {
      var words = [ours.querySelector(".bubble-words"), live.querySelector(".isso-text")].map(function (one) {
        return one ? one.textContent.replace(/\s+/g, " ").trim() : null;
      });
      return words[0] !== null && words[0] === words[1];
    }

    // Isso knows nothing of who works here: whoever answers keeps their colour, face and mark.
    function colour(section) {
      if (!kept) return;
      kept.querySelectorAll(".bubble-staff, .bubble-quiet").forEach(function (bubble) {
        var live = section.querySelector("#" + bubble.id.replace("comment-", ""));
        if (!live || live.dataset.coloured || !sameTime(bubble, live) || !sameWords(bubble, live)) return;
        live.dataset.coloured = "yes";
        if (bubble.classList.contains("bubble-quiet")) {
          live.classList.add("isso-quiet");
          return;
        }
        var tint = bubble.className.match(/\btint-[a-z]+/);
        if (tint) live.classList.add("isso-staff", tint[0]);
        var face = bubble.querySelector(".face");
        if (face) live.prepend(face.cloneNode(true));
        var mark = bubble.querySelector(".staff-mark");
        if (mark) live.querySelector(".isso-author").after(mark.cloneNode(true));
      });
    }

    // A box below a comment is for whoever wrote that, and not for who answers here.
    function answers(part) {
      return Boolean(part.closest(".isso-comment .isso-postbox"));
    }

    // Isso's markup lacks roles and labels that assistive technology needs, and asks for an e-mail
    // and a web address that nobody needs in order to talk. Its count is not true of what the page shows.
    function mend(section) {
      section.querySelectorAll("textarea").forEach(function (area) {
        var words = answers(area) ? box.dataset.answer : box.dataset.ask;
        area.placeholder = words;
        area.setAttribute("aria-label", words);
      });
      section.querySelectorAll("a[href='#']").forEach(function (link) {
        link.setAttribute("role", "button");
      });
      section.querySelectorAll("[name='author']").forEach(function (field) {
        field.placeholder = "";
      });
      section.querySelectorAll("[name='email'], [name='website']").forEach(function (field) {
        field.closest("p").hidden = true;
      });
      section.querySelectorAll(".isso-postbox [type='submit']").forEach(function (submit) {
        submit.value = answers(submit) ? box.dataset.reply : box.dataset.send;
      });
      section.querySelectorAll(".isso-thread-heading").forEach(function (heading) {
        heading.hidden = true;
      });
      colour(section);
    }

    // Isso says nothing to the reader when there is nothing to send either.
    function refuseEmpty(event) {
      var form = event.target.closest(".isso-postbox");
      if (!form || event.target.type !== "submit") return;
      var area = form.querySelector("textarea");
      form.after(status); // the reader is looking here
      if (area.value.trim().length >= area.minLength) return;
      event.preventDefault();
      event.stopPropagation();
      form.classList.remove("isso-preview-mode");
      area.setAttribute("aria-invalid", "true");
      area.setAttribute("aria-describedby", status.id);
      area.focus();
      say(box.dataset.empty);
    }

    function forgive(event) {
      if (event.target.getAttribute("aria-invalid") !== "true") return;
      event.target.removeAttribute("aria-invalid");
      event.target.removeAttribute("aria-describedby");
      say("");
    }

    // Nor when a comment was deleted: what stood under it last would go on saying that it is on the page.
    function watchTaking(event) {
      if (!event.target.closest(".isso-delete")) return;
      var comment = event.target.closest(".isso-comment");
      taking = { comment: comment, note: comment.querySelector(".isso-note").textContent };
    }

    function reportTaken() {
      if (!taking) return;
      var comment = taking.comment; // one that others have answered stays, with another note
      if (comment.isConnected && comment.querySelector(".isso-note").textContent === taking.note) return;
      taking = null;
      if (comment.isConnected) comment.after(status);
      else if (!status.isConnected) box.append(status);
      say(box.dataset.taken);
      if (document.activeElement !== document.body) return;
      status.tabIndex = -1; // the link that the reader pressed has gone
      window.setTimeout(function () { status.focus(); }, 60); // with its words, as nothing empty is shown
    }

    function newest() {
      return Array.from(document.querySelectorAll("#isso-root .isso-comment[id]")).reduce(function (one, other) {
        return Number(other.id.slice(5)) > Number(one.id.slice(5)) ? other : one;
      });
    }

    // Isso says nothing to the reader when a comment was refused; its button tells when it is done.
    function reportSending(record) {
      var submit = record.target;
      var form = submit.closest(".isso-postbox");
      if (record.attributeName !== "disabled" || submit.disabled || !form) return;
      var area = form.querySelector("textarea");
      var asked = form.parentElement && form.parentElement.id === "isso-thread"; // not a reply to somebody
      if (form.isConnected && area && area.value.trim()) {
        say(box.dataset.unsent);
        return;
      }
      var said = newest();
      var note = said.querySelector(".isso-note"); // has words where it waits for a moderator
      said.after(status); // Isso has scrolled there
      if (note && note.textContent.trim()) {
        say(box.dataset.held);
        return;
      }
      say(asked && box.closest(".live-thread").dataset.asked || box.dataset.sent);
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
      var filled = false;
      var given = false;
      var observer = new MutationObserver(function (records) {
        mend(section);
        records.forEach(function (record) {
          if (record.type === "attributes") reportSending(record);
        });
        reportTaken();
        if (!there && section.querySelector(".isso-postbox")) {
          there = true;
          window.clearTimeout(timer);
          say(box.dataset.ready);
          section.querySelector("textarea").focus();
        }
        if (kept && !given && holdsAll(section)) {
          given = true;
          giveWay("isso");
        }
        if (there && !filled && section.querySelector("#isso-root .isso-comment")) {
          filled = true; // what came in above has pushed the box away from under the reader's hands
          if (section.contains(document.activeElement)) document.activeElement.scrollIntoView({ block: "center" });
        }
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
      section.addEventListener("click", refuseEmpty, true);
      section.addEventListener("click", watchTaking, true);
      section.addEventListener("input", forgive);
      box.append(section, script, status);
    }

    button.hidden = false;
    button.addEventListener("click", open);
  }

  // A frame tells how high it is, each comment system in its own words: the number under a key "...height".
  function heightIn(said, deep) {
    if (typeof said === "string" && said.length < 1000) {
      try { said = JSON.parse(said); } catch (error) { return 0; }
    }
    if (!said || typeof said !== "object") return 0;
    return Object.keys(said).slice(0, 20).reduce(function (found, key) {
      if (found) return found;
      if (/height$/i.test(key) && Number(said[key]) > 0) return Number(said[key]);
      return deep ? 0 : heightIn(said[key], true);
    }, 0);
  }

  function setUpFrame(box) {
    var button = box.querySelector(".live-button");
    var say = teller(box.querySelector(".live-status"));
    var keeper = box.closest("[data-keeper]").dataset.keeper;
    var here = new URL(window.location.href);
    var back = box.dataset.session; // the parameter with which a sign-in comes back

    // Whoever signed in there came back with a key for the frame, which it wants again next time.
    function session() {
      var name = "live-" + keeper;
      try {
        var given = here.searchParams.get(back);
        if (given) window.localStorage.setItem(name, given);
        return window.localStorage.getItem(name) || "";
      } catch (error) {
        return "";
      }
    }

    // A reader who signs out there, or whose key is no longer taken there, starts again without it.
    function forgets(said) {
      var words = JSON.stringify(said) || "";
      if (!back || !session() || !/"signOut":true|Bad credentials|State has expired|Invalid state value/.test(words)) {
        return false;
      }
      window.localStorage.removeItem("live-" + keeper);
      return true;
    }

    function open() {
      if (button.hasAttribute("aria-disabled")) return;
      var source = new URL(box.dataset.src);
      if (back) {
        source.searchParams.set("origin", here.href.replace(here.hash, ""));
        source.searchParams.set("session", session());
      }
      var frame = document.createElement("iframe");
      frame.className = "live-frame live-frame-waits"; // a browser's own words on what is wrong help nobody
      frame.title = box.dataset.title;
      frame.setAttribute("sandbox", box.dataset.sandbox);
      frame.referrerPolicy = "strict-origin";
      frame.src = source.href;

      var there = false;
      var wrong = false;
      function opened() {
        window.clearTimeout(timer);
        if (there) return;
        there = true;
        frame.classList.remove("live-frame-waits");
        button.hidden = true;
        frame.focus();
        say(box.dataset.ready);
      }
      function hear(event) {
        if (event.source !== frame.contentWindow || event.origin !== source.origin) return;
        if (forgets(event.data)) {
          source.searchParams.set("session", "");
          frame.src = source.href;
          return;
        }
        if (/"error":(?!null|false|"")/.test(JSON.stringify(event.data) || "")) {
          wrong = true; // what it shows now is that, and not the thread
          takeBack();
        }
        var height = heightIn(event.data, false);
        if (!height) return;
        frame.style.height = Math.min(Math.max(height, 150), 30000) + "px";
        opened();
        if (!wrong) giveWay(keeper); // it has something to show
      }
      var timer = window.setTimeout(function () {
        if (there) return;
        window.removeEventListener("message", hear);
        frame.remove();
        button.removeAttribute("aria-disabled");
        say(box.dataset.failed);
      }, PATIENCE);
      window.addEventListener("message", hear);
      // Of a frame that says nothing of itself we know only that something came; the page keeps its comments.
      if (!box.dataset.tells) frame.addEventListener("load", opened);
      button.setAttribute("aria-disabled", "true");
      say(box.dataset.loading);
      box.append(frame);
    }

    button.hidden = false;
    button.addEventListener("click", open);
    if (back && here.searchParams.has(back)) {
      session();
      here.searchParams.delete(back);
      window.history.replaceState(null, "", here.href);
      open();
    }
  }

  // Without this the browser leaves the page for the receiver's answer.
  function setUpForm(box) {
    var form = box.querySelector("form");
    var say = teller(box.querySelector(".live-status"));
    var send = form.querySelector("[type='submit']");
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      send.disabled = true;
      var body = new URLSearchParams(new FormData(form));
      var sending = { method: "POST", mode: "no-cors", credentials: "omit", referrerPolicy: "strict-origin", body: body };
      window.fetch(form.action, sending).then(function () {
        form.reset();
        say(box.dataset.sent);
      }, function () {
        say(box.dataset.unsent);
      }).finally(function () { send.disabled = false; });
    });
  }

  document.querySelectorAll(".live[data-provider='isso']").forEach(setUpIsso);
  document.querySelectorAll(".live[data-provider='frame']").forEach(setUpFrame);
  document.querySelectorAll(".live[data-provider='form']").forEach(setUpForm);
})();
