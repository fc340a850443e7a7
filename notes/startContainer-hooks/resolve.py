import re,sys
def resolve(p, *how):
    """how: for each conflict in order 'both','ours','theirs', or a callable(ours,theirs)->text"""
    s=open(p).read()
    parts=re.split(r'<<<<<<< [^\n]*\n(.*?)=======\n(.*?)>>>>>>> [^\n]*\n',s,flags=re.S)
    n=(len(parts)-1)//3
    if n==0: print('no conflict in',p); return
    if n!=len(how): print('!!',p,'has',n,'conflicts, expected',len(how))
    out=parts[0]
    for k in range(n):
        o,t=parts[1+3*k],parts[2+3*k]
        h=how[k] if k<len(how) else 'both'
        out+= {'both':lambda:o+t,'ours':lambda:o,'theirs':lambda:t}[h]() if isinstance(h,str) else h(o,t)
        out+=parts[3+3*k]
    open(p,'w').write(out)
def sub(p,a,b,count=1):
    s=open(p).read()
    if a not in s: print('!! not found in',p,':',a[:60]); return
    open(p,'w').write(s.replace(a,b,count))
