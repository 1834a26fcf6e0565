namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>Something that a template can call.</summary>
internal delegate object? TemplateFunction(TemplateCall call);
