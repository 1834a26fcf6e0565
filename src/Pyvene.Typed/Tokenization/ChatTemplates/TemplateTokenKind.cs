namespace Pyvene.Typed.Tokenization.ChatTemplates;

/// <summary>What a <see cref="TemplateToken"/> is.</summary>
internal enum TemplateTokenKind
{
    /// <summary>Text that is written as it stands.</summary>
    Text,

    /// <summary>The beginning of an expression to be written.</summary>
    OutputStart,

    /// <summary>The end of an expression to be written.</summary>
    OutputEnd,

    /// <summary>The beginning of a statement.</summary>
    BlockStart,

    /// <summary>The end of a statement.</summary>
    BlockEnd,

    /// <summary>A name or a keyword.</summary>
    Name,

    /// <summary>A string, its escapes resolved.</summary>
    String,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number with a fraction or an exponent.</summary>
    Float,

    /// <summary>An operator or a bracket.</summary>
    Operator,

    /// <summary>The end of the template.</summary>
    End,
}
