#pragma once
// Writes TwiML: the documents that tell the provider what a call does next. Always valid XML, whatever the texts hold.
// Pure; any thread.
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include <pugixml.hpp>

namespace sb::phone {

class Twiml {
 public:
  using Attributes = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  // A verb that holds others: <Gather>, <Dial>. Valid while its Twiml lives.
  class Verb {
   public:
    Verb& say(std::string_view text, std::string_view language);
    Verb& play(std::string_view url);
    Verb& pause(unsigned seconds);
    Verb& noun(std::string_view name, std::string_view text, Attributes attributes);

   private:
    friend class Twiml;
    explicit Verb(pugi::xml_node node) : node_(node) {}
    pugi::xml_node node_;
  };

  Twiml();
  Twiml& say(std::string_view text, std::string_view language);
  Twiml& play(std::string_view url);
  Twiml& pause(unsigned seconds);
  Twiml& redirect(std::string_view url);
  Twiml& enqueue(std::string_view queue, std::string_view wait_url, std::string_view action);
  Twiml& leave();
  Twiml& hang_up();
  Verb gather(std::string_view action, unsigned timeout_s);
  Verb dial(std::string_view action);

  [[nodiscard]] std::string text() const;

 private:
  pugi::xml_document document_;
  pugi::xml_node response_;
};

}  // namespace sb::phone
