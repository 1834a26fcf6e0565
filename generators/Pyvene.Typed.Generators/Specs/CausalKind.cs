namespace Pyvene.Typed.Generators.Specs;

/// <summary>Says how values of C# become values of the untyped causal model.</summary>
internal enum CausalKind
{
    /// <summary>Booleans.</summary>
    Boolean,

    /// <summary>Whole numbers of up to 64 bits with a sign.</summary>
    Integer,

    /// <summary>Enums, by their numbers.</summary>
    Enum,

    /// <summary>Numbers in single or double precision.</summary>
    Number,

    /// <summary>Texts.</summary>
    Text,

    /// <summary>Values of the untyped model themselves.</summary>
    Value,
}
