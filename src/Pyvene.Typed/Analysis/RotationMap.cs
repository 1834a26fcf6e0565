using System.Globalization;
using System.Text;
using TorchSharp;
using static TorchSharp.torch;

namespace Pyvene.Typed.Analysis;

/// <summary>
/// Is what each variable of a rotation takes from each token, for a rotation of several positions side by side (pyvene's <c>rotation_token_heatmap</c>): the
/// Frobenius norm of the block that they share, as a share of all tokens listed. It prints as a table. Immutable.
/// </summary>
public sealed class RotationMap
{
    private readonly double[,] shares;

    private RotationMap(IReadOnlyList<string> variables, IReadOnlyList<string> tokens, double[,] shares) =>
        (Variables, Tokens, this.shares) = (variables, tokens, shares);

    /// <summary>Gets the variables: the rows.</summary>
    public IReadOnlyList<string> Variables { get; }

    /// <summary>Gets the tokens: the columns.</summary>
    public IReadOnlyList<string> Tokens { get; }

    /// <summary>Gets the share of a token in a variable, 0 to 1; not a number where the variable takes nothing from any of the tokens.</summary>
    /// <param name="variable">The place of the variable, from 0.</param>
    /// <param name="token">The place of the token, from 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    public double this[int variable, int token]
    {
        get
        {
            Require(variable, Variables.Count, nameof(variable));
            Require(token, Tokens.Count, nameof(token));
            return shares[variable, token];
        }
    }

    /// <summary>Makes the map of a rotation.</summary>
    /// <param name="rotation">
    /// The rotation, [tokens × width of each, variables × dimensions of each] or larger, such as <c>space.ComputeRotation()</c> gives; it stays the caller's.
    /// </param>
    /// <param name="tokens">What stands at the positions, in order.</param>
    /// <param name="variables">What the parts of the rotated space stand for, in order.</param>
    /// <param name="tokenWidth">How wide the values of one position are; <see langword="null"/> = the rows are divided evenly.</param>
    /// <param name="dimensions">How many rotated dimensions a variable has; <see langword="null"/> = the columns are divided evenly.</param>
    /// <exception cref="ArgumentException">The rotation is no matrix, or cannot be divided like this.</exception>
    public static RotationMap Of(
        Tensor rotation, IReadOnlyList<string> tokens, IReadOnlyList<string> variables, int? tokenWidth = null, int? dimensions = null)
    {
        ArgumentNullException.ThrowIfNull(rotation);
        ArgumentNullException.ThrowIfNull(tokens);
        ArgumentNullException.ThrowIfNull(variables);
        if (rotation.ndim != 2 || !rotation.is_floating_point())
        {
            throw new ArgumentException(
                $"A rotation is a matrix of floating-point numbers, but this is {rotation.dtype} [{string.Join(", ", rotation.shape)}].", nameof(rotation));
        }

        var width = Part(rotation.shape[0], tokens.Count, tokenWidth, "rows", nameof(tokens));
        var each = Part(rotation.shape[1], variables.Count, dimensions, "columns", nameof(variables));
        using var scope = NewDisposeScope();
        using var quiet = no_grad();
        var blocks = rotation.detach().narrow(0, 0, width * tokens.Count).narrow(1, 0, each * variables.Count).to(float64)
            .reshape(tokens.Count, width, variables.Count, each); // [token, width, variable, dimension]
        var norms = blocks.mul(blocks).sum([1, 3]).sqrt().mT; // [variable, token]
        var values = norms.div(norms.sum([1], keepdim: true)).cpu().contiguous().data<double>().ToArray();
        var shares = new double[variables.Count, tokens.Count];
        Buffer.BlockCopy(values, 0, shares, 0, values.Length * sizeof(double));
        return new RotationMap([.. variables], [.. tokens], shares);
    }

    /// <summary>Returns the shares: [variable, token]. A copy.</summary>
    public double[,] ToArray() => (double[,])shares.Clone();

    /// <summary>Returns the map as a table, in percent.</summary>
    public override string ToString()
    {
        var first = Variables.Max(name => name.Length);
        var widths = Tokens.Select(token => Math.Max(token.Length, "100.0%".Length)).ToArray();
        var text = new StringBuilder(new string(' ', first));
        for (var token = 0; token < widths.Length; token++) text.Append(' ').Append(Tokens[token].PadLeft(widths[token]));
        for (var variable = 0; variable < Variables.Count; variable++)
        {
            text.Append('\n').Append(Variables[variable].PadRight(first));
            for (var token = 0; token < widths.Length; token++)
            {
                text.Append(' ').Append(string.Create(CultureInfo.InvariantCulture, $"{100 * shares[variable, token]:F1}%").PadLeft(widths[token]));
            }
        }

        return text.Append('\n').ToString();
    }

    private static long Part(long size, int count, int? part, string axis, string name)
    {
        if (count == 0) throw new ArgumentException($"The {name} are empty; name at least one.", name);
        var each = part ?? size / count;
        return each >= 1 && size % each == 0 && each * count <= size && (part is not null || each * count == size) ? each : throw new ArgumentException(
            $"{size} {axis} cannot be divided into {count} {name}{(part is null ? "" : $" of {part}")}.", name);
    }

    private static void Require(int place, int count, string name)
    {
        if (place < 0 || place >= count) throw new ArgumentOutOfRangeException(name, place, $"The map has {count} {name}s (0 to {count - 1}).");
    }
}
