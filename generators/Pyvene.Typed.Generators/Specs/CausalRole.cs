namespace Pyvene.Typed.Generators.Specs;

/// <summary>Says what a variable is to its model.</summary>
internal enum CausalRole
{
    /// <summary>It is given.</summary>
    Input,

    /// <summary>It is computed, and something is computed from it.</summary>
    Intermediate,

    /// <summary>It is computed, and nothing is computed from it.</summary>
    Output,
}
