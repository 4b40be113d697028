#pragma once
// The [phone] section of the configuration, with names already resolved to ids. Filled by app/, read by this room.
#include <string>
#include <vector>

#include "proto/types.h"

namespace sb::phone {

struct MenuItem {
  std::string key;  // one of 0-9 * #
  std::string say;
  QueueId queue;
  Requirement requirement;
  std::string language;  // e.g. zh-CN: the call goes on in this language; empty: the number's
};

// One of our phone numbers and what it says.
struct Number {
  std::string number;    // E.164, as the provider spells it in To
  std::string language;  // BCP 47, e.g. en-US
  std::string greeting;
  std::string music;  // absolute URL, or a path below the public URL
  std::vector<MenuItem> menu;
  QueueId default_queue;  // who presses nothing; 0: the first entry of the menu decides
  Requirement default_requirement;
};

struct Settings {
  std::string account_sid;
  std::vector<std::string> auth_tokens;  // the first one signs our REST calls, all may sign webhooks (rotation)
  std::string api_base = "https://api.twilio.com";
  std::string public_url;            // Center.public_url
  std::string default_country_code;  // Center.default_country_code
  std::vector<Number> numbers;
  std::uint32_t ring_timeout_s = 20;           // of an agent's phone
  std::uint32_t customer_ring_timeout_s = 30;  // of the phone of a customer who is called back
  std::string callback_key = "1";              // which key accepts a callback
  DurationMs callback_grace_ms = 15'000;       // beyond the ringing time, before a silent provider counts as no answer
  DurationMs settle_ms = 750;                  // how long to wait for the other side's news before saying who hung up
};

}  // namespace sb::phone
