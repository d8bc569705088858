/// How notices look, as Mustache templates. `{{…}}` in HTML is escaped; nothing is ever unescaped.
enum NoticeLayouts {
  static let text = """
    {{% CONTENT_TYPE:TEXT}}
    {{#notices}}
    {{#heading}}
    {{heading}}

    {{/heading}}
    {{lead}}

    {{#rows}}
    {{label}}: {{value}}
    {{/rows}}
    {{#passages}}

    {{label}}:
    {{#lines}}
    > {{.}}
    {{/lines}}
    {{/passages}}
    {{#url}}

    {{open}}: {{url}}
    {{/url}}
    {{^last}}

    ----

    {{/last}}
    {{/notices}}
    {{#repeated}}

    {{repeated}}
    {{/repeated}}

    -- 
    {{footer}}
    """

  static let html = """
    <!DOCTYPE html>
    <html lang="{{language}}">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>{{subject}}</title>
    </head>
    <body style="font-family: system-ui, sans-serif; line-height: 1.5; max-width: 40em; \
    margin: 0 auto; padding: 1em">
    {{#notices}}
    <h1 style="font-size: 1.25em">{{title}}</h1>
    <p>{{lead}}</p>
    <table role="presentation" style="border-collapse: collapse">
    {{#rows}}
    <tr><th scope="row" style="text-align: left; vertical-align: top; padding: 0.2em 1em 0.2em 0; \
    font-weight: 600">{{label}}</th><td style="vertical-align: top; padding: 0.2em 0">{{value}}</td>\
    </tr>
    {{/rows}}
    </table>
    {{#passages}}
    <p style="font-weight: 600; margin-bottom: 0">{{label}}</p>
    <blockquote style="margin: 0.3em 0; padding-left: 1em; border-left: 3px solid #888">\
    {{#lines}}{{.}}<br>{{/lines}}</blockquote>
    {{/passages}}
    {{#url}}
    <p><a href="{{url}}" style="display: inline-block; padding: 0.6em 1.2em; \
    border: 2px solid #1a56b0; border-radius: 4px">{{open}}</a></p>
    {{/url}}
    {{/notices}}
    {{#repeated}}
    <p><em>{{repeated}}</em></p>
    {{/repeated}}
    <hr>
    <p style="font-size: 0.9em">{{footer}}</p>
    </body>
    </html>
    """
}
