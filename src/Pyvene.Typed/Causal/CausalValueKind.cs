namespace Pyvene.Typed.Causal;

/// <summary>Says what a value of a causal model is.</summary>
public enum CausalValueKind
{
    /// <summary>True or false; in tensors 1 or 0.</summary>
    Boolean,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A number that need not be whole.</summary>
    Number,

    /// <summary>A text; it has no form in tensors.</summary>
    Text,

    /// <summary>Several numbers, such as the embedding of a symbol; in tensors they lie side by side.</summary>
    Vector,
}
