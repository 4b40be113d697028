#include "bench/customers/call.h"

#include <algorithm>
#include <cstdlib>
#include <sstream>
#include <utility>

#include "bench/customers/conference.h"
#include "bench/customers/exchange.h"

namespace sb::customers {
namespace {

constexpr Millis kPlayLength{8000};   // of any audio file
constexpr Millis kSpeechPerByte{40};  // about 25 letters a second
constexpr Millis kSpeechMax{6000};
constexpr Millis kWaitDocumentMin{1000};  // an empty one is not asked for in a tight loop
constexpr std::size_t kScriptVerbsMax = 200;

Millis seconds_of(const Verb& verb, const char* key, int otherwise) {
  const std::string text = verb.attribute(key);
  const long value = text.empty() ? otherwise : std::strtol(text.c_str(), nullptr, 10);
  return Millis(std::clamp(value, 0L, 14'400L) * 1000);
}

// The provider's short names: start end join leave mute hold ...
std::set<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::set<std::string> words;
  for (std::string word; in >> word;) words.insert(word);
  return words;
}

std::string event_of(CallStatus status) {
  switch (status) {
    case CallStatus::kQueued:
      return "initiated";
    case CallStatus::kRinging:
      return "ringing";
    case CallStatus::kInProgress:
      return "answered";
    default:
      return "completed";
  }
}

}  // namespace

const char* to_text(CallStatus status) {
  switch (status) {
    case CallStatus::kQueued:
      return "queued";
    case CallStatus::kRinging:
      return "ringing";
    case CallStatus::kInProgress:
      return "in-progress";
    case CallStatus::kCompleted:
      return "completed";
    case CallStatus::kBusy:
      return "busy";
    case CallStatus::kFailed:
      return "failed";
    case CallStatus::kNoAnswer:
      return "no-answer";
    case CallStatus::kCanceled:
      return "canceled";
  }
  return "failed";
}

Call::Call(Exchange& exchange, CallFacts facts, CallerPlan plan)
    : exchange_(exchange), facts_(std::move(facts)), plan_(std::move(plan)) {}

Form Call::form() const {
  Form out = {{"CallSid", facts_.sid},         {"AccountSid", exchange_.options().account_sid},
              {"From", facts_.from},           {"To", facts_.to},
              {"Caller", facts_.from},         {"Called", facts_.to},
              {"Direction", facts_.direction}, {"ApiVersion", "2010-04-01"},
              {"CallStatus", to_text(status_)}};
  if (!facts_.parent_sid.empty()) out.emplace_back("ParentCallSid", facts_.parent_sid);
  return out;
}

std::string Call::resolve(const std::string& reference) const {
  const std::string& base =
      waiting_ && !waiting_->script.base_url.empty() ? waiting_->script.base_url : script_.base_url;
  return Webhooks::resolve(base, reference);
}

std::function<void()> Call::if_still_here(std::function<void()> next) {
  return [self = shared_from_this(), turn = turn_, next = std::move(next)] {
    if (self->turn_ == turn && !self->finished()) next();
  };
}

void Call::set_status(CallStatus status, Form extra) {
  status_ = status;
  const std::uint64_t number = sequence_++;
  if (facts_.status_url.empty() || !facts_.status_events.count(event_of(status))) return;
  Form out = form();
  if (status == CallStatus::kQueued) {
    std::find_if(out.begin(), out.end(), [](const auto& f) { return f.first == "CallStatus"; })->second = "initiated";
  }
  out.emplace_back("Timestamp", rfc2822_now());
  out.emplace_back("CallbackSource", "call-progress-events");
  out.emplace_back("SequenceNumber", std::to_string(number));
  for (auto& f : extra) out.push_back(std::move(f));
  exchange_.notify(facts_.status_url, out, std::string("call ") + to_text(status));
}

void Call::ring_in(const std::string& voice_url) {
  status_ = CallStatus::kRinging;
  fetch(voice_url, {}, false);
}

bool Call::is_customer() const {
  return facts_.direction == "inbound" || (facts_.direction == "outbound-api" && facts_.to.rfind('+', 0) == 0);
}

void Call::ring_out(Millis ring, CallStatus outcome, Millis timeout, std::function<void(Call&)> answered) {
  set_status(CallStatus::kQueued);
  exchange_.after(Millis(100), if_still_here([this, ring, outcome, timeout, answered = std::move(answered)] {
                    if (outcome == CallStatus::kBusy) return hang_up(CallStatus::kBusy);
                    set_status(CallStatus::kRinging);
                    if (outcome == CallStatus::kNoAnswer || ring >= timeout) {
                      exchange_.after(timeout, if_still_here([this] { hang_up(CallStatus::kNoAnswer); }));
                      return;
                    }
                    exchange_.after(ring, if_still_here([this, answered] {
                                      answered_ns_ = now_ns();
                                      set_status(CallStatus::kInProgress);
                                      answered(*this);
                                    }));
                  }));
}

void Call::go_to(const std::string& url) {
  interrupt("redirected");
  fetch(url, {}, false);
}

void Call::do_twiml(const std::string& twiml, const std::string& base_url) {
  interrupt("redirected");
  take_document(HttpReply{200, twiml, {{"Content-Type", "text/xml"}}}, base_url, false);
}

void Call::interrupt(const std::string& queue_result) {
  ++turn_;
  if (waiting_) leave_queue(queue_result, false);
  leave_conference();
  dialing_ = false;
  bridged_ = false;
  for (const auto& leg : std::exchange(legs_, {})) leg->hang_up(CallStatus::kCompleted);
}

void Call::leave_conference() {
  if (const auto conference = std::exchange(conference_, nullptr)) conference->leave(facts_.sid, false);
}

void Call::hang_up(CallStatus how) {
  if (finished()) return;
  const auto keep = shared_from_this();
  const bool was_live = status_ == CallStatus::kInProgress;
  if (!was_live && how == CallStatus::kCompleted && facts_.direction != "inbound") how = CallStatus::kCanceled;
  interrupt("hangup");
  Form extra;
  if (how == CallStatus::kCompleted) {
    const std::uint64_t seconds = answered_ns_ == 0 ? 0 : (now_ns() - answered_ns_) / 1'000'000'000;
    extra = {{"CallDuration", std::to_string(seconds)}, {"Duration", std::to_string(seconds / 60 + 1)}};
  }
  set_status(how, std::move(extra));
  exchange_.ledger().count(std::string("calls that ended ") + to_text(how));
  exchange_.forget_call(facts_.sid);
  if (finished_) std::exchange(finished_, nullptr)(*this);
}

void Call::fetch(const std::string& url, const Form& extra, bool waiting) {
  if (finished()) return;
  ++turn_;
  Form out = form();
  out.insert(out.end(), extra.begin(), extra.end());
  const auto turn = turn_;
  exchange_.ledger().count("TwiML requests");
  const bool sent =
      exchange_.webhooks().post(url, out, [self = shared_from_this(), turn, url, waiting](const HttpReply& reply) {
        if (self->turn_ == turn && !self->finished()) self->take_document(reply, url, waiting);
      });
  if (!sent) {
    exchange_.ledger().error("TwiML is asked for at a foreign or broken address: '" + url + "'");
    hang_up(CallStatus::kFailed);
  }
}

void Call::take_document(const HttpReply& reply, const std::string& url, bool waiting) {
  auto& ledger = exchange_.ledger();
  if (reply.status < 200 || reply.status > 299) {
    ledger.error("TwiML from " + url + ": HTTP " + std::to_string(reply.status) + " " + reply.body.substr(0, 120));
    return hang_up(CallStatus::kFailed);
  }
  if (reply.status == 204 || reply.body.empty()) return run({}, url, waiting);
  const std::string type = reply.header("Content-Type");
  if (type.rfind("text/xml", 0) != 0 && type.rfind("application/xml", 0) != 0) {
    ledger.error("TwiML from " + url + " comes as '" + type + "'");
  }
  std::string why;
  auto document = parse_twiml(reply.body, waiting, why);
  if (!document) {
    ledger.error("TwiML from " + url + " is " + why);
    return hang_up(CallStatus::kFailed);
  }
  ledger.count("TwiML documents");
  for (const auto& problem : document->problems) ledger.error("TwiML from " + url + ": " + problem);
  run(std::move(*document), url, waiting);
}

void Call::run(TwimlDocument document, const std::string& base_url, bool waiting) {
  if (document.verbs.size() > kScriptVerbsMax) document.verbs.resize(kScriptVerbsMax);
  const bool rejects = !document.verbs.empty() && document.verbs.front().name == "Reject";
  if (status_ == CallStatus::kRinging && !rejects) {
    answered_ns_ = now_ns();
    set_status(CallStatus::kInProgress);
  }
  Script script{std::move(document.verbs), 0, base_url};
  if (waiting && waiting_) {
    waiting_->script = std::move(script);
  } else {
    script_ = std::move(script);
  }
  step();
}

void Call::continue_after(Millis delay) {
  exchange_.after(delay, if_still_here([this] { step(); }));
}

void Call::step() {
  Script& script = waiting_ ? waiting_->script : script_;
  if (script.next < script.verbs.size()) {
    const Verb verb = script.verbs[script.next++];
    exchange_.ledger().count("TwiML <" + verb.name + ">");
    return perform(verb);
  }
  if (!waiting_) return hang_up(CallStatus::kCompleted);
  const auto lasted = Millis((now_ns() - waiting_->polled_ns) / 1'000'000);
  const auto least = std::chrono::duration_cast<Millis>(kWaitDocumentMin * exchange_.options().pace);
  if (lasted < least) {
    exchange_.after(kWaitDocumentMin, if_still_here([this] { poll_wait_document(); }));
  } else {
    poll_wait_document();
  }
}

Millis Call::play_length(const Verb& verb) {
  if (verb.name == "Say") return std::min(kSpeechMax, kSpeechPerByte * static_cast<std::int64_t>(verb.text.size()));
  if (verb.name == "Pause") return seconds_of(verb, "length", 1);
  if (verb.text.empty()) return Millis(0);
  exchange_.check_audio(resolve(verb.text));
  return kPlayLength;
}

void Call::perform(const Verb& verb) {
  if (verb.name == "Say" || verb.name == "Play" || verb.name == "Pause") return continue_after(play_length(verb));
  if (verb.name == "Gather") return gather(verb);
  if (verb.name == "Redirect") return fetch(resolve(verb.text), {}, waiting_.has_value());
  if (verb.name == "Enqueue") return enqueue(verb);
  if (verb.name == "Leave" && waiting_) return leave_queue("leave", true);
  if (verb.name == "Dial") return dial(verb);
  if (verb.name == "Hangup") return hang_up(CallStatus::kCompleted);
  if (verb.name == "Reject")
    return hang_up(verb.attribute("reason") == "busy" ? CallStatus::kBusy : CallStatus::kFailed);
  step();  // unknown: reported when the document came
}

void Call::gather(const Verb& verb) {
  Millis speaking{0};
  for (const auto& child : verb.children) speaking += play_length(child);
  const Millis limit = speaking + seconds_of(verb, "timeout", 5);
  const std::string key = waiting_ ? plan_.waiting_key : plan_.key;
  if (key.empty() || plan_.press_delay > limit) return continue_after(limit);
  const std::string action = verb.attribute("action");
  const std::string target = action.empty() ? script_.base_url : resolve(action);
  exchange_.after(plan_.press_delay, if_still_here([this, target, key] {
                    exchange_.ledger().count(waiting_ ? "callbacks asked for" : "menu keys pressed");
                    fetch(target, {{"Digits", key}}, waiting_.has_value());
                  }));
}

void Call::enqueue(const Verb& verb) {
  Waiting waiting;
  waiting.queue = verb.text;
  waiting.queue_sid = exchange_.random().sid("QU");
  if (const auto url = verb.attribute("waitUrl"); !url.empty()) waiting.wait_url = resolve(url);
  if (const auto url = verb.attribute("action"); !url.empty()) waiting.action = resolve(url);
  waiting.since_ns = now_ns();
  waiting_ = std::move(waiting);
  exchange_.enter_queue(waiting_->queue, facts_.sid);
  exchange_.ledger().count("callers who entered a queue");
  exchange_.after(plan_.patience, [self = shared_from_this()] {
    if (self->finished() || self->talked_) return;
    self->exchange_.ledger().count("callers who lost patience");
    self->exchange_.ledger().line(self->facts_.from + " hangs up: waited too long");
    self->hang_up(CallStatus::kCompleted);
  });
  if (!waiting_->wait_url.empty()) poll_wait_document();
}

Form Call::queue_form() const {
  const auto seconds =
      static_cast<double>(now_ns() - waiting_->since_ns) / 1e9 / std::max(1e-3, exchange_.options().pace);
  return {{"QueueSid", waiting_->queue_sid},
          {"QueuePosition", std::to_string(exchange_.position(waiting_->queue, facts_.sid))},
          {"QueueTime", std::to_string(static_cast<std::uint64_t>(seconds))},
          {"AvgQueueTime", "20"},
          {"CurrentQueueSize", std::to_string(exchange_.queue_size(waiting_->queue))},
          {"MaxQueueSize", "1000"}};
}

void Call::poll_wait_document() {
  waiting_->polled_ns = now_ns();
  waiting_->script = {};
  exchange_.ledger().count("wait documents asked for");
  fetch(waiting_->wait_url, queue_form(), true);
}

void Call::leave_queue(const std::string& result, bool follow_action) {
  Form extra = queue_form();
  extra.emplace_back("QueueResult", result);
  const std::string action = waiting_->action;
  exchange_.leave_queue(waiting_->queue, facts_.sid);
  waiting_.reset();
  if (follow_action) return action.empty() ? step() : fetch(action, extra, false);
  if (action.empty()) return;
  Form out = form();
  out.insert(out.end(), extra.begin(), extra.end());
  exchange_.notify(action, out, "queue " + result);
}

void Call::dial(const Verb& verb) {
  const std::string action = verb.attribute("action");
  dial_action_ = action.empty() ? std::string{} : resolve(action);
  dialing_ = true;
  for (const auto& noun : verb.children) {
    if (noun.name == "Conference") return dial_conference(noun);
  }
  dial_legs(verb);
}

void Call::dial_conference(const Verb& noun) {
  const auto conference = exchange_.open_conference(noun.text);
  if (const auto url = noun.attribute("statusCallback"); !url.empty()) {
    conference->listen(resolve(url), words_of(noun.attribute("statusCallbackEvent", "start end")));
  }
  if (const auto url = noun.attribute("waitUrl"); !url.empty()) exchange_.check_audio(resolve(url));
  Participant self;
  self.call = shared_from_this();
  self.label = noun.attribute("participantLabel");
  self.start_on_enter = noun.flag("startConferenceOnEnter", true);
  self.end_on_exit = noun.flag("endConferenceOnExit", false);
  self.muted = noun.flag("muted", false);
  self.coach_sid = noun.attribute("coach");
  self.coaching = !self.coach_sid.empty();
  enter_conference(conference);
  conference->join(std::move(self));
}

void Call::enter_conference(const std::shared_ptr<Conference>& conference) {
  conference_ = conference;
  dialing_ = true;
}

void Call::dial_legs(const Verb& verb) {
  std::vector<Verb> nouns = verb.children;
  if (nouns.empty()) nouns.push_back(Verb{"Number", {}, verb.text, {}});
  for (const auto& noun : nouns) {
    Exchange::LegOrder order;
    order.from = verb.attribute("callerId", facts_.from);
    order.parent_sid = facts_.sid;
    order.timeout = seconds_of(verb, "timeout", 30);
    order.to = noun.text;
    if (noun.name == "Client") {
      const auto identity =
          std::find_if(noun.children.begin(), noun.children.end(), [](const Verb& v) { return v.name == "Identity"; });
      order.to = "client:" + (identity == noun.children.end() ? noun.text : identity->text);
    }
    if (const auto url = noun.attribute("statusCallback"); !url.empty()) {
      order.status_url = resolve(url);
      order.status_events = words_of(noun.attribute("statusCallbackEvent", "completed"));
    }
    const std::weak_ptr<Call> parent = shared_from_this();
    auto leg = exchange_.call_out(order, [parent](Call& answered) {
      if (const auto caller = parent.lock()) caller->leg_answered(answered);
    });
    leg->on_finished([parent](Call& ended) {
      if (const auto caller = parent.lock()) caller->leg_finished(ended);
    });
    legs_.push_back(std::move(leg));
  }
}

void Call::leg_answered(Call& leg) {
  if (bridged_ || finished()) return leg.hang_up(CallStatus::kCompleted);
  bridged_ = true;
  const auto others = legs_;
  for (const auto& other : others) {
    if (other.get() != &leg) other->hang_up(CallStatus::kCanceled);
  }
  talk_begins();
}

void Call::leg_finished(Call& leg) {
  legs_.erase(std::remove_if(legs_.begin(), legs_.end(), [&](const auto& l) { return l.get() == &leg; }), legs_.end());
  if (legs_.empty() && dialing_) dial_is_over(bridged_ ? "completed" : to_text(leg.status()));
}

void Call::dial_is_over(const std::string& dial_status) {
  if (finished() || !std::exchange(dialing_, false)) return;
  ++turn_;
  bridged_ = false;
  if (dial_action_.empty()) return step();
  fetch(std::exchange(dial_action_, {}), {{"DialCallStatus", dial_status}}, false);
}

void Call::conference_is_over() {
  conference_.reset();
  dial_is_over("completed");
}

void Call::talk_begins() {
  if (std::exchange(talked_, true) || !is_customer()) return;
  exchange_.ledger().count(facts_.direction == "inbound" ? "callers who talked to an agent"
                                                         : "customers called back who talked to an agent");
  if (!plan_.hangs_up) return;
  exchange_.after(plan_.talk, [self = shared_from_this()] {
    if (self->finished()) return;
    const bool called = self->facts_.direction == "inbound";
    self->exchange_.ledger().line((called ? self->facts_.from : self->facts_.to) + " hangs up after talking");
    self->hang_up(CallStatus::kCompleted);
  });
}

void Call::left_alone() {
  if (!is_customer()) return;
  exchange_.after(plan_.patience, if_still_here([this] {
                    if (conference_ && conference_->size() <= 1) hang_up(CallStatus::kCompleted);
                  }));
}

}  // namespace sb::customers
