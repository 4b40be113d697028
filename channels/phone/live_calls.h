#pragma once
// Which call at the provider belongs to which interaction, and what is known of its legs.
//
// The mapping is never stored by itself: the record that started the interaction carries the CallSid as its idempotency
// key and our number in its second content row, so a restarted process reads it back when it is first asked for. What
// was learnt from callbacks (agents' CallSids, the ConferenceSid) is a short cut that may be missing.
// Owner thread: the release executor.
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "engine/engine.h"

namespace sb::phone {

// The provider numbers what it tells about one call or conference; news may come late, and then says nothing any more.
class NewsOrder {
 public:
  // False: newer news of the same thing came before. Without a number it is believed.
  [[nodiscard]] bool take(std::string_view thing, std::optional<std::uint64_t> number) {
    if (!number) return true;
    if (thing == thing_ && *number < newest_) return false;
    thing_ = thing;
    newest_ = *number;
    return true;
  }

 private:
  std::string thing_;
  std::uint64_t newest_ = 0;
};

struct Leg {
  OfferId offer;         // the acceptance it rings for
  std::string call_sid;  // empty until the provider has named it
  bool answered = false;
  bool over = false;
  NewsOrder news;
};

// The call to a customer who is called back.
struct CustomerLeg {
  Seq attempt = 0;       // the record that ordered it; 0: there is none, or it is not known any more
  std::string call_sid;  // empty until the provider has named it
  bool over = false;
  NewsOrder news;
};

// The call to an outside party.
struct OutsideLeg {
  std::string call_sid;  // empty until the provider has named it
  bool answered = false;
  bool over = false;
  NewsOrder news;
};

struct LiveCall {
  InteractionId interaction;
  std::string call_sid;         // of the customer's call; empty while they wait to be called back
  std::string number;           // ours, E.164
  std::string customer_number;  // E.164; empty: withheld
  std::string leaving_sid;      // of the call of who will be called back: it is told goodbye. Empty: there was none
  bool leaving = false;         // it is not over yet, as far as is known
  CustomerLeg customer;
  std::vector<std::string> labels;  // what was known when the call began
  std::string conference_sid;
  std::string ended_conference_sid;  // the last one that is over: its late callbacks say nothing about the present
  bool caller_left = false;          // left the conference; by itself no proof of a hang-up
  NewsOrder caller_news;             // of the conference, about the caller
  bool caller_over = false;
  bool retired = false;
  unsigned troubles = 0;  // how often the caller heard our apology
  std::map<AgentId, Leg> legs;
  std::map<Seq, OutsideLeg> outside;  // by the record that invited them; the last one is the present one
};

// The idempotency key of the news that a customer who was called back has answered.
[[nodiscard]] std::string reached_key(std::string_view call_sid);

// The content row that LiveCalls reads back.
[[nodiscard]] std::string encode_call_row(std::string_view call_sid, std::string_view number);

class LiveCalls {
 public:
  explicit LiveCalls(storage::Store& store) : store_(store) {}

  LiveCall& add(InteractionId interaction, std::string_view call_sid, std::string_view number,
                std::vector<std::string> labels);
  // From memory or from the journal; none if it is no phone call. One that was started elsewhere is a phone call once a
  // callback was asked for. The pointer is valid until the next add or find.
  [[nodiscard]] LiveCall* find(InteractionId interaction, CustomerId customer);
  // The interaction a CallSid started, or whose customer was called back by it; 0 if none.
  [[nodiscard]] InteractionId interaction_of(std::string_view call_sid) const;

  // The interaction has ended. It is remembered for a while, for callbacks that come late.
  void retire(InteractionId interaction);

  // Calls that ended before we knew them: the news of a hang-up overtook the call's own webhook.
  void note_over(std::string_view call_sid);
  [[nodiscard]] bool known_over(std::string_view call_sid) const { return over_.contains(std::string(call_sid)); }

 private:
  static constexpr std::size_t kRetiredMax = 4'096;
  static constexpr std::size_t kOverMax = 4'096;
  static constexpr std::size_t kTimelinePage = 256;
  static constexpr std::size_t kTimelinePagesMax = 64;

  // The interaction's records, newest first, as far as the customer's timeline reaches.
  [[nodiscard]] std::vector<Seq> records_of(InteractionId interaction, CustomerId customer) const;
  // What the records say about calling back, and about the last outside party.
  void restore_callback(LiveCall& call, const std::vector<Seq>& newest_first) const;

  storage::Store& store_;
  std::unordered_map<std::uint64_t, LiveCall> calls_;
  std::deque<InteractionId> retired_;  // oldest first
  std::unordered_set<std::string> over_;
  std::deque<std::string> over_order_;
};

}  // namespace sb::phone
